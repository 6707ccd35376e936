import { basename } from 'node:path'
import { stockPayload, type InitrdChoice, type KernelFacts } from '../payload/index.ts'
import { toArtifact, type ArtifactMaker } from './artifact-maker.ts'
import type { Produced } from './artifact-store.ts'
import type { PayloadRequest } from './build-request.ts'
import { initrdInputs, needsInitrd, writeInitrd, type InitrdReport } from './make-initrd.ts'
import type { KernelSource } from './sources/kernel-source.ts'

/** The one initrd that `hil` makes, where there is anything to put into it. @param deviceTree the board's */
export async function makeInitrdPart(
  maker: ArtifactMaker,
  request: PayloadRequest,
  source: Pick<KernelSource, 'modules' | 'inputs'>,
  { deviceTree, kernel }: { readonly deviceTree: string | undefined; readonly kernel: KernelFacts },
): Promise<Produced<InitrdReport> | undefined> {
  if (!needsInitrd(request, source.modules)) return undefined
  const isCompressed = kernel.unpacks === undefined || kernel.unpacks.includes('gzip')
  const parts = { modules: source.modules, deviceTree, isCompressed }
  const { initrd, init, modules, extraModules, modulesPrefix, files, overlays } = request
  const settings = [
    'initrd',
    { initrd, init, modules, extraModules, modulesPrefix, files, overlays, isCompressed },
  ]
  const own = source.inputs === undefined ? parts : { ...parts, modules: undefined, deviceTree: undefined }
  const inputs = [...(await initrdInputs(request, own)), ...(source.inputs ?? [])]
  const name = isCompressed ? 'initrd.cpio.gz' : 'initrd.cpio'
  const produced = await maker.produce(name, { settings, inputs }, (path) =>
    writeInitrd(path, request, parts),
  )
  maker.note(...notesOf(produced.result))
  return produced
}

/** What becomes of the initrd beside a kernel that brings none. */
export function initrdChoice(
  { init, initrd: list }: PayloadRequest,
  initrd: Produced<InitrdReport> | undefined,
): InitrdChoice {
  if (initrd === undefined) return stockPayload.initrd
  const artifact = toArtifact('initrd', initrd, { kind: 'made', path: basename(initrd.path) })
  // Modules alone are of use only to an init that is there already.
  const isWhole = init !== undefined || (list.files.length > 0 && !list.keepsOwn)
  return { keepsOwn: list.keepsOwn || !isWhole, parts: [artifact] }
}

/** What the init has to be told on the kernel's command line. */
export function initArguments({ init }: PayloadRequest): readonly string[] {
  return init !== undefined && 'rsinit' in init ? [init.bindOption] : []
}

function notesOf({ missing, notLoaded }: InitrdReport): readonly string[] {
  const lacking = missing.map(({ name, neededBy }) =>
    neededBy === undefined
      ? `there is no module ${name}, and it is not built in`
      : `${neededBy} needs ${name}, which is neither a module nor built in`,
  )
  if (notLoaded.length === 0) return lacking
  return [
    ...lacking,
    `rsinit loads no modules: for root, storage and network build these in, or take hil's own init (--busybox): ${notLoaded.join(', ')}`,
  ]
}
