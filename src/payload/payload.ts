import { createHash } from 'node:crypto'
import type { Compression } from '../codecs/compression/index.ts'
import type { Architecture } from '../codecs/kernel-image/index.ts'
import type { Artifact } from './artifact.ts'

/** What a board is to boot. A part that is not there is the board's own. */
export interface Payload {
  readonly image: ImageChoice | undefined
  readonly deviceTree: DeviceTreeChoice
  readonly initrd: InitrdChoice
  /** Added to the kernel's command line. */
  readonly bootargs: readonly string[]
  readonly kernel: KernelFacts
  /** Tells this payload from every other: it goes into the command line, and is looked for afterwards. */
  readonly nonce: string
}

/** A kernel, or a FIT with one. */
export interface ImageChoice {
  readonly artifact: Artifact
  /** Which further parts come with a FIT. */
  readonly brings: { readonly deviceTree: boolean; readonly initrd: boolean }
}

export interface DeviceTreeChoice {
  /** `own`: that of the FIT, else of the board's boot entry. `bootloader`: the bootloader's live tree. */
  readonly base: 'own' | 'bootloader' | Artifact
  readonly overlays: readonly Artifact[]
}

/** What is unpacked as initramfs, in this order; nothing at all: the kernel gets none. */
export interface InitrdChoice {
  /** Whether it begins with that of the FIT, or else of the board's boot entry. */
  readonly keepsOwn: boolean
  readonly parts: readonly Artifact[]
}

/** What is known of the kernel of a payload. */
export interface KernelFacts {
  readonly architecture: Architecture | undefined
  /** What `uname -r` will say. */
  readonly release: string | undefined
  readonly banner: string | undefined
  readonly buildId: string | undefined
  /** Compressors of an initramfs that it was built with (CONFIG_RD_*); undefined: not known. */
  readonly unpacks: readonly Compression[] | undefined
}

/** A payload that leaves everything to the board. */
export const stockPayload: Payload = {
  image: undefined,
  deviceTree: { base: 'own', overlays: [] },
  initrd: { keepsOwn: true, parts: [] },
  bootargs: [],
  kernel: {
    architecture: undefined,
    release: undefined,
    banner: undefined,
    buildId: undefined,
    unpacks: undefined,
  },
  nonce: '',
}

/** All files of a payload, each once. */
export function artifactsOf({ image, deviceTree, initrd }: Payload): readonly Artifact[] {
  const tree = typeof deviceTree.base === 'string' ? [] : [deviceTree.base]
  const all = [...(image ? [image.artifact] : []), ...tree, ...deviceTree.overlays, ...initrd.parts]
  return [...new Map(all.map((artifact) => [artifact.name, artifact])).values()]
}

/** The payload with the nonce that its content has: other bytes or other bootargs, another nonce. */
export function withNonce(payload: Omit<Payload, 'nonce'>): Payload {
  const { image, deviceTree, initrd, bootargs } = payload
  const sum = (artifact: Artifact) => artifact.sha256
  const content = {
    image: image && sum(image.artifact),
    deviceTree: typeof deviceTree.base === 'string' ? deviceTree.base : sum(deviceTree.base),
    overlays: deviceTree.overlays.map(sum),
    initrd: [initrd.keepsOwn, ...initrd.parts.map(sum)],
    bootargs,
  }
  const nonce = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12)
  return { ...payload, nonce }
}

/** How the nonce stands in the command line. The kernel takes it for a parameter of a module `hil`. */
export function nonceArgument({ nonce }: Pick<Payload, 'nonce'>): string {
  return `hil.payload=${nonce}`
}
