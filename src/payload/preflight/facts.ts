import type { HilError } from '../../core/errors.ts'
import type { Compression } from '../../codecs/compression/index.ts'
import type { Fit, FitBootloader, FitMatch, FitVerification } from '../../codecs/fit/index.ts'
import type { Architecture, KernelImage } from '../../codecs/kernel-image/index.ts'

/** What is known of the board before its power is switched. */
export interface BoardFacts {
  readonly name: string
  /** In the words of environments: `arm64`, `arm`, `riscv64`, `x86_64`; undefined: nobody said. */
  readonly architecture: string | undefined
  /** The most specific first; may be empty. */
  readonly compatible: readonly string[]
  /** Undefined where the machine takes the files itself, or the bootloader is another. */
  readonly bootloader: FitBootloader | undefined
  readonly memoryBytes: number | undefined
}

/** What was read from the artifacts of a payload; what could not be read is an error in its place. */
export interface PayloadContents {
  readonly image:
    | {
        readonly name: string
        readonly size: number
        readonly kernel: KernelImage | HilError
        readonly fit?: FitContents
      }
    | undefined
  readonly deviceTrees: readonly DeviceTreeContents[]
  /** In the order in which the kernel unpacks them; also that of the FIT's configuration. */
  readonly initrds: readonly InitrdContents[]
  /** All initrds together, as the kernel sees them. */
  readonly initramfs: InitramfsContents | undefined
}

export interface FitContents {
  readonly fit: Fit
  readonly match: FitMatch | undefined
  readonly verification: FitVerification | HilError
}

export interface DeviceTreeContents {
  readonly name: string
  readonly isOverlay: boolean
  readonly compatible: readonly string[] | HilError
}

export interface InitrdContents {
  readonly name: string
  readonly size: number
  readonly compressions: readonly (Compression | 'none')[]
  readonly failure: HilError | undefined
  /** xz with another checksum than CRC32, which the kernel does not know. */
  readonly hasForeignXzCheck: boolean
}

export interface InitramfsContents {
  readonly unpackedBytes: number
  /** `missing`, or there but of no use. */
  readonly init: 'executable' | 'not-executable' | 'missing'
  readonly modules: readonly ModuleContents[]
  /** Paths that the kernel passes over without a word, with why. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[]
  /** Links to directories that a later entry put a directory in place of. */
  readonly replacedLinks: readonly string[]
}

export interface ModuleContents {
  readonly path: string
  /** From `lib/modules/<release>`. */
  readonly release: string
  readonly vermagic: string | undefined
  readonly architecture: Architecture | undefined
  readonly isCompressed: boolean
}
