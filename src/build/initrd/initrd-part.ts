import { stockPayload, type InitrdChoice, type KernelFacts, type Origin } from '../../payload/index.ts'
import { toArtifact, type ArtifactMaker } from '../artifact-maker.ts'
import type { Produced } from '../artifact-store.ts'
import type { PayloadRequest } from '../build-request.ts'
import { initrdInputs, needsInitrd, writeInitrd, type InitrdReport } from './make-initrd.ts'
import type { KernelSource } from '../sources/kernel-source.ts'

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
  const standsForModules = source.inputs !== undefined && request.modulesFrom === undefined
  const own = {
    modules: standsForModules ? undefined : parts.modules,
    deviceTree: source.inputs === undefined ? deviceTree : undefined,
  }
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
  request: PayloadRequest,
  source: Pick<KernelSource, 'origin' | 'modules'>,
  initrd: Produced<InitrdReport> | undefined,
): InitrdChoice {
  if (initrd === undefined) return stockPayload.initrd
  const { init, initrd: list } = request
  const artifact = toArtifact('initrd', initrd, originOf(request, source))
  // Modules alone are of use only to an init that is there already.
  const isWhole = init !== undefined || (list.files.length > 0 && !list.keepsOwn)
  return { keepsOwn: list.keepsOwn || !isWhole, parts: [artifact] }
}

/** Of the kernel where its modules are in it; else the files that it is made of. */
function originOf(
  { init, initrd, modules: selection, modulesFrom, files }: PayloadRequest,
  { origin, modules }: Pick<KernelSource, 'origin' | 'modules'>,
): Origin {
  const hasModules = modules !== undefined && selection !== 'none'
  if (hasModules && modulesFrom === undefined) return origin
  const own = init === undefined ? undefined : 'busybox' in init ? init.busybox : init.rsinit
  const parts = [...initrd.files, own, hasModules ? modulesFrom : undefined, files]
  return { kind: 'made', path: parts.filter((part) => part !== undefined).join(' ') }
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
