import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { collect } from '../codecs/byte-source.ts'
import { joinMembers, padMember } from '../codecs/cpio/index.ts'
import { applyOverlay, packFdt, parseFdt, type Fdt } from '../codecs/fdt/index.ts'
import {
  configurationOf,
  imageOf,
  matchFit,
  openFit,
  storedData,
  unpackedData,
  type Fit,
  type FitConfiguration,
} from '../codecs/fit/index.ts'
import { inspectKernelImage, unwrapKernelImage } from '../codecs/kernel-image/index.ts'
import { payloadError } from '../codecs/payload-error.ts'
import type { Artifact, ArtifactKind, DeviceTreeChoice, InitrdChoice, Payload } from '../payload/index.ts'
import { ArtifactStore } from './artifact-store.ts'
import type { BoardTarget } from './build-request.ts'
import { decompress } from './decompress.ts'
import { openPayloadFile, type OpenFile } from './files.ts'

/** A payload in the form that one bootloader can take, and where its files are. */
export interface AdaptedPayload {
  readonly payload: Payload
  /** By the names of artifacts. */
  readonly paths: ReadonlyMap<string, string>
}

/**
 * Brings a payload into the form that the board's bootloader can take, with what it lacks done on the
 * host. barebox takes everything; only overlays are merged here where their base is at hand, for it would
 * boot without one that fails. U-Boot and emulators get separate files: one bare kernel, one device tree,
 * one initrd.
 *
 * @param directory of the payload
 * @param output for what is made
 * @throws HilError `payload.no-configuration`, `payload.overlay-without-tree`, `payload.initrd-appended` (payload)
 */
export async function adaptPayload(
  directory: string,
  payload: Payload,
  board: BoardTarget,
  output: string,
): Promise<AdaptedPayload> {
  const adapter = new Adapter(directory, payload, await ArtifactStore.open(output))
  return adapter.adapt(board)
}

class Adapter {
  readonly #directory: string
  readonly #payload: Payload
  readonly #store: ArtifactStore
  readonly #paths = new Map<string, string>()
  readonly #made = new Set<string>()

  constructor(directory: string, payload: Payload, store: ArtifactStore) {
    this.#directory = directory
    this.#payload = payload
    this.#store = store
  }

  async adapt(board: BoardTarget): Promise<AdaptedPayload> {
    const { image } = this.#payload
    const isFit = image?.artifact.kind === 'fit'
    await using fit = isFit ? await openPayloadFile(this.#pathOf(image.artifact)) : undefined
    const parts = fit && (await openParts(fit, board))
    const adapted =
      board.bootloader === 'barebox' ? await this.#forBarebox(parts) : await this.#asFiles(parts, board)
    await this.#store.close(this.#made)
    return { payload: adapted, paths: this.#paths }
  }

  async #forBarebox(parts: FitParts | undefined): Promise<Payload> {
    const payload = this.#payload
    const { image, deviceTree, initrd } = payload
    const keep = (artifact: Artifact) => this.#keep(artifact)
    if (image !== undefined) keep(image.artifact)
    initrd.parts.forEach(keep)
    const isInFit = deviceTree.base === 'own' && image?.brings.deviceTree === true
    if (deviceTree.overlays.length > 0 && (isInFit || typeof deviceTree.base !== 'string')) {
      return { ...payload, deviceTree: await this.#mergedTree(parts) }
    }
    deviceTree.overlays.forEach(keep)
    if (typeof deviceTree.base !== 'string') keep(deviceTree.base)
    return payload
  }

  async #asFiles(parts: FitParts | undefined, board: BoardTarget): Promise<Payload> {
    const { image } = this.#payload
    const initrd = await this.#oneInitrd(parts, board)
    const deviceTree = await this.#mergedTree(parts)
    if (image === undefined) return { ...this.#payload, deviceTree, initrd }
    const kernel = await this.#bareKernel(image.artifact, parts)
    const brings = { deviceTree: false, initrd: false }
    return { ...this.#payload, image: { artifact: kernel, brings }, deviceTree, initrd }
  }

  async #bareKernel(artifact: Artifact, parts: FitParts | undefined): Promise<Artifact> {
    const path = this.#pathOf(artifact)
    const read = async () =>
      parts === undefined
        ? await readFile(path)
        : await unpackedData(parts.source, imageOf(parts.fit, parts.configuration.kernel ?? ''), {
            decompress,
          })
    // A compressed Image is told by its first byte: reading all of it would take its time at every run.
    if (parts === undefined && !(await isWrapped(path))) return this.#keep(artifact)
    return this.#make(
      'kernel',
      'kernel',
      artifact,
      [path],
      ['kernel', parts?.configuration.name],
      async () => {
        const bytes = await read()
        const { layers } = await inspectKernelImage(bytes, { decompress })
        const isBare = !['arm64-image', 'riscv-image'].includes(layers.at(-1) ?? '')
        return isBare ? bytes : unwrapKernelImage(bytes, { decompress })
      },
    )
  }

  async #mergedTree(parts: FitParts | undefined): Promise<DeviceTreeChoice> {
    const { image, deviceTree } = this.#payload
    const { base, overlays } = deviceTree
    const file = typeof base === 'string' ? undefined : base
    const names = base === 'own' ? (parts?.configuration.fdt ?? []) : []
    if (file === undefined && names.length === 0) {
      if (overlays.length === 0) return deviceTree
      const list = overlays.map(({ name }) => name).join(', ')
      throw payloadError(
        'payload.overlay-without-tree',
        `${list} can't be applied: the device tree is the board's own, which only barebox could change; give a device tree too (--dtb)`,
        { overlays: overlays.map(({ name }) => name) },
      )
    }
    if (file !== undefined && overlays.length === 0) return { base: this.#keep(file), overlays: [] }
    const from = [...(file === undefined ? (image ? [image.artifact] : []) : [file]), ...overlays]
    const [origin] = from
    if (origin === undefined) return deviceTree
    const paths = from.map((artifact) => this.#pathOf(artifact))
    const made = await this.#make('device-tree', 'board.dtb', origin, paths, ['tree', names], async () => {
      const own = await Promise.all(
        names.map((name) =>
          unpackedData(fitOf(parts).source, imageOf(fitOf(parts).fit, name), { decompress }),
        ),
      )
      const given = await Promise.all(
        [...(file === undefined ? [] : [file]), ...overlays].map((artifact) =>
          readFile(this.#pathOf(artifact)),
        ),
      )
      const [first = new Uint8Array(0), ...more] = [...own, ...given]
      let tree: Fdt = parseFdt(first)
      for (const overlay of more) tree = applyOverlay(tree, parseFdt(overlay))
      return more.length === 0 ? first : packFdt(tree)
    })
    return { base: made, overlays: [] }
  }

  async #oneInitrd(parts: FitParts | undefined, { name, bootloader }: BoardTarget): Promise<InitrdChoice> {
    const { image, initrd } = this.#payload
    const isInFit = image?.brings.initrd === true
    const isOnBoard = initrd.keepsOwn && !isInFit
    if (isOnBoard && initrd.parts.length === 0) return initrd
    // U-Boot is told by its driver to load what it finds on its disk in front.
    if (isOnBoard && bootloader !== 'uboot') {
      throw payloadError(
        'payload.initrd-appended',
        `${name}, which has no bootloader that hil drives, can't append ${initrd.parts.map((part) => part.name).join(', ')} to an initrd of the board's own: give a whole initrd (--initrd), or let hil make one (--busybox)`,
        { parts: initrd.parts.map((part) => part.name) },
      )
    }
    const names = initrd.keepsOwn ? (parts?.configuration.ramdisk ?? []) : []
    const [only, ...others] = initrd.parts
    if (names.length === 0 && others.length === 0) {
      return { keepsOwn: isOnBoard, parts: only === undefined ? [] : [this.#keep(only)] }
    }
    const from = [...(names.length === 0 || image === undefined ? [] : [image.artifact]), ...initrd.parts]
    const [origin] = from
    if (origin === undefined) return initrd
    const paths = from.map((artifact) => this.#pathOf(artifact))
    const joined = await this.#make('initrd', 'initrd', origin, paths, ['initrd', names], async () => {
      const own = names.map((ramdisk) => storedData(fitOf(parts).source, imageOf(fitOf(parts).fit, ramdisk)))
      const given = await Promise.all(initrd.parts.map((part) => readFile(this.#pathOf(part))))
      const whole = padMember(joinMembers([...own, ...given]))
      return collect(whole.open(), whole.size)
    })
    return { keepsOwn: isOnBoard, parts: [joined] }
  }

  #pathOf({ name }: Artifact): string {
    return join(this.#directory, name)
  }

  #keep(artifact: Artifact): Artifact {
    this.#paths.set(artifact.name, this.#pathOf(artifact))
    return artifact
  }

  async #make(
    kind: ArtifactKind,
    name: string,
    { origin }: Artifact,
    inputs: readonly string[],
    settings: unknown,
    make: () => Promise<Uint8Array>,
  ): Promise<Artifact> {
    this.#made.add(name)
    const produced = await this.#store.produce(name, { settings, inputs }, async (path) =>
      pipeline([await make()], createWriteStream(path, { mode: 0o644 })),
    )
    this.#paths.set(name, produced.path)
    return { kind, name, ...produced.digest, origin }
  }
}

interface FitParts {
  readonly source: OpenFile
  readonly fit: Fit
  readonly configuration: FitConfiguration
}

/** The configuration that the board's bootloader would take, by U-Boot's rule where there is none. */
async function openParts(source: OpenFile, board: BoardTarget): Promise<FitParts> {
  const fit = await openFit(source)
  const { compatible, bootloader = 'uboot', name } = board
  const [only, ...others] = fit.configurations.values()
  if (only !== undefined && others.length === 0) return { source, fit, configuration: only }
  const match = await matchFit(source, fit, { board: compatible, bootloader })
  if (match.configuration !== undefined && match.how === 'compatible') {
    return { source, fit, configuration: configurationOf(fit, match.configuration) }
  }
  throw payloadError(
    'payload.no-configuration',
    `none of the ${fit.configurations.size} configurations of the FIT is for ${name} (${compatible.join(', ') || 'the environment does not say what it is: "compatible"'})`,
    { compatible, configurations: [...fit.configurations.keys()].slice(0, 100) },
  )
}

function fitOf(parts: FitParts | undefined): FitParts {
  if (parts !== undefined) return parts
  throw payloadError('payload.no-fit', 'the payload has no FIT that a part could come from', {})
}

/** Whether a file is a compressed kernel, or an EFI image with one in it, and no bare Image. */
async function isWrapped(path: string): Promise<boolean> {
  await using file = await openPayloadFile(path)
  if (file.size < 64) return false
  const head = Buffer.from(await file.read(0, 64))
  const isImage = ['ARM\x64', 'RSC\x05'].includes(head.toString('latin1', 0x38, 0x3c))
  const isZimage = head.readUInt32LE(0x24) === 0x016f2818
  const isFdt = head.readUInt32BE(0) === 0xd00dfeed
  return !isImage && !isZimage && !isFdt
}
