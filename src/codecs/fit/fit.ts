import type { HashAlgorithm } from './hash.ts'

/** A flattened image tree as it is in its file; data are not read until they are asked for. */
export interface Fit {
  readonly description: string | undefined
  /** Seconds since 1970. */
  readonly timestamp: number | undefined
  /** By name, in the order of the file. */
  readonly images: ReadonlyMap<string, FitImage>
  /** By name, in the order of the file: bootloaders go by it. */
  readonly configurations: ReadonlyMap<string, FitConfiguration>
  readonly defaultConfiguration: string | undefined
  /** Bytes of the device tree that holds all this; external data follow it. */
  readonly treeSize: number
}

export interface FitImage {
  readonly name: string
  readonly description: string | undefined
  /** `kernel`, `kernel_noload`, `flat_dt`, `ramdisk`, ... */
  readonly type: string | undefined
  readonly architecture: string | undefined
  readonly os: string | undefined
  /** As declared: `none`, `gzip`, `zstd`, ... */
  readonly compression: string
  readonly load: bigint | undefined
  readonly entry: bigint | undefined
  /** Where in the file its data are; none when the image has no data. */
  readonly data: FitData | undefined
  readonly hashes: readonly FitHash[]
  /** Algorithms of its signatures. */
  readonly signatures: readonly string[]
}

export interface FitData {
  readonly offset: number
  readonly size: number
  /** Behind the tree (`mkimage -E`), where barebox does not look. */
  readonly external: boolean
}

export interface FitHash {
  /** Name of its node; barebox looks at `hash-1` only. */
  readonly name: string
  /** One of `HashAlgorithm` where it is known. */
  readonly algorithm: HashAlgorithm | (string & {})
  readonly value: Uint8Array
}

/** Which images are booted together. The lists hold names of images. */
export interface FitConfiguration {
  readonly name: string
  readonly description: string | undefined
  readonly compatible: readonly string[]
  readonly kernel: string | undefined
  readonly firmware: string | undefined
  /** The device tree, then the overlays for it. */
  readonly fdt: readonly string[]
  readonly ramdisk: readonly string[]
  readonly loadables: readonly string[]
  readonly signatures: readonly string[]
}
