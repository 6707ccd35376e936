import type { Artifact } from './artifact.ts'
import { withNonce, type ImageChoice, type KernelFacts, type Payload } from './payload.ts'

/** One thing that replaces or extends a part of what would be booted. */
export type Override =
  | { readonly part: 'image'; readonly image: ImageChoice; readonly kernel: KernelFacts }
  /** Without a file the kernel gets no initrd. */
  | { readonly part: 'initrd'; readonly file: Artifact | undefined }
  | { readonly part: 'initrd-appended'; readonly file: Artifact }
  | { readonly part: 'device-tree'; readonly use: 'bootloader' | Artifact }
  | { readonly part: 'overlay'; readonly file: Artifact }
  | { readonly part: 'bootargs'; readonly add: readonly string[] }

/** The order in which barebox applies its overrides, whatever the order on the command line. */
const stages: readonly Override['part'][] = [
  'image',
  'initrd',
  'initrd-appended',
  'device-tree',
  'overlay',
  'bootargs',
]

/**
 * What results when parts of a payload are replaced or extended, by barebox's rules for `boot -o`: a
 * FIT brings the initrd and the device tree of its configuration along, and keeps what it lacks; a
 * plain kernel replaces only the kernel. Neither argument is changed.
 */
export function applyOverrides(base: Payload, overrides: readonly Override[]): Payload {
  if (overrides.length === 0) return base
  const ordered = stages.flatMap((stage) => overrides.filter(({ part }) => part === stage))
  return withNonce(ordered.reduce(apply, base))
}

function apply(payload: Payload, override: Override): Payload {
  const { initrd, deviceTree } = payload
  switch (override.part) {
    case 'image':
      return replaceImage(payload, override)
    case 'initrd':
      return { ...payload, initrd: { keepsOwn: false, parts: override.file ? [override.file] : [] } }
    case 'initrd-appended':
      return { ...payload, initrd: { ...initrd, parts: [...initrd.parts, override.file] } }
    case 'device-tree':
      // Overlays were made for the tree that is replaced.
      return { ...payload, deviceTree: { base: override.use, overlays: [] } }
    case 'overlay':
      return { ...payload, deviceTree: { ...deviceTree, overlays: [...deviceTree.overlays, override.file] } }
    case 'bootargs':
      return { ...payload, bootargs: [...payload.bootargs, ...override.add] }
  }
}

function replaceImage(
  payload: Payload,
  { image, kernel }: { readonly image: ImageChoice; readonly kernel: KernelFacts },
): Payload {
  const { deviceTree, initrd } = image.brings
  return {
    ...payload,
    image,
    kernel,
    ...(deviceTree ? { deviceTree: { base: 'own', overlays: [] } } : {}),
    ...(initrd ? { initrd: { keepsOwn: true, parts: [] } } : {}),
  }
}

/**
 * Reads a list as barebox has it for `bootm.initrd`: paths separated by `:`, an empty one standing for
 * the initrd that is there, which only the first may be here.
 */
export function parseInitrdList(list: string): { readonly keepsOwn: boolean; readonly files: string[] } {
  const keepsOwn = list.startsWith(':')
  return { keepsOwn, files: list.split(':').filter((file) => file !== '') }
}
