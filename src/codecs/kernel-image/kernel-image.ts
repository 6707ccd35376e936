import type { Compression } from '../compression/index.ts'

/** The words of Linux (`ARCH=`) and of FIT for what a kernel runs on. */
export type Architecture = 'arm' | 'arm64' | 'loongarch' | 'mips' | 'powerpc' | 'riscv' | 'x86' | 'x86_64'

/** What a bootloader finds when it looks at the first bytes, from the outside to the inside. */
export type KernelLayer =
  Compression | 'uimage' | 'efi-zboot' | 'arm64-image' | 'riscv-image' | 'zimage' | 'bzimage'

/** What can be told from a kernel without running it. */
export interface KernelImage {
  /** The format of the whole, then of what was in it, e.g. `gzip`, `arm64-image`. */
  readonly layers: readonly KernelLayer[]
  readonly architecture: Architecture
  /** Bytes of RAM it takes where it is loaded, with what it needs beyond its own bytes. */
  readonly memorySize: number | undefined
  /** Distance from a 2 MiB boundary (arm64, riscv). */
  readonly textOffset: number | undefined
  readonly endianness: 'little' | 'big'
  /** arm64 only, from the header's flags. */
  readonly pageSize: 4096 | 16384 | 65536 | undefined
  /** Whether it may be placed anywhere in RAM (arm64); else close to the start of RAM. */
  readonly placedAnywhere: boolean | undefined
  /** Whether UEFI can start it. */
  readonly efiStub: boolean
  /** What `uname -r` will say. */
  readonly release: string | undefined
  /** `Linux version ...`, as the kernel prints it first. */
  readonly banner: string | undefined
  /** The linker's build-id in hexadecimal; the running kernel shows it in `/sys/kernel/notes`. */
  readonly buildId: string | undefined
}

/** Unpacks what a format holds compressed; undefined when it is not compressed. */
export type Unpack = (bytes: Uint8Array) => Promise<Uint8Array | undefined>
