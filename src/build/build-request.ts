import type { FitBootloader } from '../codecs/fit/index.ts'
import type { MakeOptions } from './sources/kernel-tree.ts'

/** Where kernel, device trees and modules are taken from. */
export type KernelFrom =
  | { readonly tree: string; readonly objects: string | undefined; readonly make: MakeOptions | undefined }
  /** `.deb` files, or a directory where they were unpacked. */
  | { readonly debian: readonly string[] }
  | FitFrom
  | { readonly kernel: string | undefined }

/** A FIT that was made elsewhere. */
export interface FitFrom {
  readonly fit: string
  /**
   * Where it was just built (`O=`). Then the kernel's configuration is known, and the time of the build is taken out
   * of the FIT: the same kernel gives the same bytes.
   */
  readonly objects?: string | undefined
}

/** What becomes of the initramfs. */
export type InitChoice =
  /** hil's own: it loads modules, mounts root and binds the modules. */
  | { readonly busybox: string }
  /** rsinit as a cpio archive, compressed or not. */
  | { readonly rsinit: string; readonly bindOption: string }
  /** None is made: modules are appended to what there is. */
  | undefined

export interface BoardTarget {
  readonly name: string
  readonly architecture: string | undefined
  /** Most specific first. */
  readonly compatible: readonly string[]
  readonly bootloader: FitBootloader | undefined
}

/** What a payload is to be made of. All paths are absolute. */
export interface PayloadRequest {
  /** The directory that becomes the payload. */
  readonly output: string
  readonly from: KernelFrom
  readonly board: BoardTarget | undefined
  /** `auto`: a FIT where the bootloader is barebox and a device tree is for the board, else files. */
  readonly format: 'auto' | 'fit' | 'files'
  /** In place of those of the source. */
  readonly deviceTrees: readonly string[]
  /** `.dtbo`, or `.dts` text, which dtc compiles. */
  readonly overlays: readonly string[]
  readonly initrd: { readonly keepsOwn: boolean; readonly files: readonly string[] }
  readonly init: InitChoice
  /** A directory with modules, or a modules-*.cpio, in place of those of the source. */
  readonly modulesFrom: string | undefined
  /** `board`: what the board needs for root, storage and network, and what `extraModules` names. */
  readonly modules: 'all' | 'board' | 'none'
  readonly extraModules: readonly string[]
  /** Before `lib/modules`, as INSTALL_MOD_PATH has it: `usr` for merged-/usr images. */
  readonly modulesPrefix: string
  /** The board's root file system, where it can be read: the modules in it that the payload hides are told. */
  readonly rootfs: string | undefined
  /** A directory whose files are laid over the initramfs. */
  readonly files: string | undefined
  readonly bootargs: readonly string[]
  /** Seconds since 1970, usually SOURCE_DATE_EPOCH, for the FIT. */
  readonly timestamp: number
}
