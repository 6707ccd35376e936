import type { Origin } from '../../payload/index.ts'
import type { ModuleFiles } from '../modules/module-files.ts'

/** Where the parts of a payload come from. A part that is not there is undefined or empty. */
export interface KernelSource {
  readonly origin: Origin
  /** Path of the kernel image. */
  readonly kernel: string | undefined
  /** Paths of all device trees there are; the board's is among them, or none is. */
  readonly deviceTrees: readonly string[]
  readonly modules: ModuleFiles | undefined
  /** Files that stand for all of this, where it is only unpacked for the time being; modules may come from elsewhere. */
  readonly inputs?: readonly string[]
  /** Path of the kernel's configuration. */
  readonly config: string | undefined
}
