import type { ImageKind } from './kernel-image.ts'
import type { Loadable } from './loadable.ts'

/** What one attempt to boot is made of, while it is put together. */
export interface BootParts {
  /** The image as the messages name it: without a configuration. */
  imageName: string
  /** What its kernel is, once it is unpacked. */
  kind: ImageKind
  kernel: Loadable
  /** In the order in which they are joined. */
  initrd: readonly Loadable[]
  /** The tree, then overlays for it; empty: the bootloader's own. */
  deviceTree: readonly Loadable[]
  /** The tree that the entry named, which an error names whichever was read. */
  readonly namedTree: string | undefined
  /** Where a FIT wants its kernel. */
  loadAddress: number | undefined
}

/** Which parts an override has replaced. */
export interface Replaced {
  kernel: boolean
  initrd: boolean
  deviceTree: boolean
}

/** `FILE[@CONFIGURATION]`. */
export function splitImageName(text: string): { name: string; configuration: string | undefined } {
  const at = text.indexOf('@')
  return at === -1
    ? { name: text, configuration: undefined }
    : { name: text.slice(0, at), configuration: text.slice(at + 1) }
}
