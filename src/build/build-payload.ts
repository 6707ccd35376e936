import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stockPayload, withNonce, type DeviceTreeChoice, type Payload } from '../payload/index.ts'
import { ArtifactMaker } from './artifact-maker.ts'
import { ArtifactStore } from './artifact-store.ts'
import type { PayloadRequest } from './build-request.ts'
import { treesFor } from './choose-device-trees.ts'
import { makeFileParts, overlayFiles } from './file-parts.ts'
import { makeFitPart, trimmedFitPart } from './fit-part.ts'
import { initArguments, initrdChoice, makeInitrdPart } from './initrd/initrd-part.ts'
import type { InputRecords } from './input-records.ts'
import { compilerOf, readKernelFacts } from './kernel-facts.ts'
import type { InitrdReport } from './initrd/make-initrd.ts'
import { noteHiddenModules } from './modules/hidden-modules.ts'
import { openSource } from './open-source.ts'
import { openFitSource, type FitSource } from './sources/fit.ts'
import { writePayloadFile } from './payload-file.ts'
import type { KernelSource } from './sources/kernel-source.ts'

export interface BuiltPayload {
  readonly payload: Payload
  readonly directory: string
  /** Names of artifacts that were made anew; the others were there. */
  readonly made: readonly string[]
  /** The files that it was made of, as they were. */
  readonly inputs: InputRecords
  readonly initrd: InitrdReport | undefined
  /** What a person should know, in sentences. */
  readonly notes: readonly string[]
}

/**
 * Makes a payload: a directory with `payload.json` and its artifacts. The same inputs give the same
 * bytes, and what has not changed is not made again. Throws HilErrors of blame `payload`.
 */
export async function buildPayload(request: PayloadRequest): Promise<BuiltPayload> {
  const scratch = await mkdtemp(join(tmpdir(), 'hil-payload-'))
  try {
    const maker = new ArtifactMaker(await ArtifactStore.open(request.output))
    const { payload, initrd } =
      'fit' in request.from
        ? await fromFit(maker, request, await openFitSource(request, request.from, scratch))
        : await fromSource(maker, request, await openSource(request, scratch))
    await maker.close()
    await writePayloadFile(request.output, payload)
    const { made, inputs, notes } = maker
    return { payload, directory: request.output, made, inputs, initrd, notes }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

type Made = Pick<BuiltPayload, 'payload' | 'initrd'>

async function fromSource(maker: ArtifactMaker, request: PayloadRequest, found: KernelSource): Promise<Made> {
  const { bootargs, overlays } = request
  const trees = await treesFor(request, found.deviceTrees, maker)
  const kernel =
    found.kernel === undefined ? stockPayload.kernel : await readKernelFacts(found.kernel, found.config)
  const compiler = compilerOf(kernel.banner)
  const source = { ...found, origin: { ...found.origin, ...(compiler === undefined ? {} : { compiler }) } }
  const made = await makeInitrdPart(maker, request, source, { deviceTree: trees[0], kernel })
  await noteHidden(maker, request, source.modules)
  const rest = { kernel, bootargs: [...bootargs, ...initArguments(request)] }
  if (source.kernel === undefined || !isFitWanted(request, trees)) {
    const parts = await makeFileParts(maker, source, trees, overlays)
    const payload = withNonce({ ...parts, ...rest, initrd: initrdChoice(request, source, made) })
    return { payload, initrd: made?.result }
  }
  const ramdisk = request.initrd.keepsOwn ? undefined : made?.path
  const image = await makeFitPart(maker, request, {
    source: { ...source, kernel: source.kernel },
    trees,
    kernel,
    ramdisk,
  })
  const deviceTree: DeviceTreeChoice = { base: 'own', overlays: [] }
  const initrd = ramdisk === undefined ? initrdChoice(request, source, made) : { keepsOwn: true, parts: [] }
  return { payload: withNonce({ image, deviceTree, initrd, ...rest }), initrd: made?.result }
}

async function noteHidden(
  maker: ArtifactMaker,
  { rootfs, init, modules: selection }: PayloadRequest,
  modules: KernelSource['modules'],
): Promise<void> {
  const isBound = init !== undefined && modules !== undefined && selection !== 'none'
  if (isBound && rootfs !== undefined) maker.note(...(await noteHiddenModules(rootfs, modules)))
}

function isFitWanted({ format, board }: PayloadRequest, trees: readonly string[]): boolean {
  return format === 'fit' || (format === 'auto' && board?.bootloader === 'barebox' && trees.length > 0)
}

async function fromFit(maker: ArtifactMaker, request: PayloadRequest, source: FitSource): Promise<Made> {
  const { prepared, deviceTree } = source
  const image = await trimmedFitPart(maker, source, prepared)
  const { kernel } = prepared
  const made = await makeInitrdPart(maker, request, source, { deviceTree, kernel })
  await noteHidden(maker, request, source.modules)
  const payload = withNonce({
    image,
    deviceTree: { base: 'own', overlays: await overlayFiles(maker, request.overlays) },
    initrd: initrdChoice(request, source, made),
    bootargs: [...request.bootargs, ...initArguments(request)],
    kernel,
  })
  return { payload, initrd: made?.result }
}
