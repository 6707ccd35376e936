import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Origin } from '../../payload/index.ts'
import type { FitFrom, PayloadRequest } from '../build-request.ts'
import { compilerOf } from '../kernel-facts.ts'
import type { ModuleFiles } from '../modules/module-files.ts'
import { openModules } from '../open-source.ts'
import { prepareFit, type PreparedFit } from '../prepare-fit.ts'

/** A FIT made elsewhere, and what goes with it. */
export interface FitSource {
  readonly file: string
  readonly origin: Origin
  readonly prepared: PreparedFit
  /** The board's, taken out of the FIT: a temporary file. */
  readonly deviceTree: string | undefined
  readonly modules: ModuleFiles | undefined
  /** The file that stands for all of this but the modules. */
  readonly inputs: readonly string[]
}

/** @param scratch a directory of the caller's, for what is taken out of the FIT */
export async function openFitSource(
  { board, modulesFrom, timestamp }: PayloadRequest,
  { fit: file, objects }: FitFrom,
  scratch: string,
): Promise<FitSource> {
  const built = objects === undefined ? undefined : { config: join(objects, '.config'), timestamp }
  const prepared = await prepareFit(file, board, built)
  const modules = modulesFrom === undefined ? undefined : await openModules(modulesFrom)
  const deviceTree = prepared.deviceTree && join(scratch, 'board.dtb')
  if (prepared.deviceTree !== undefined && deviceTree !== undefined) {
    await writeFile(deviceTree, prepared.deviceTree)
  }
  const compiler = compilerOf(prepared.kernel.banner)
  return {
    file,
    origin: { kind: 'fit', path: file, ...(compiler === undefined ? {} : { compiler }) },
    prepared,
    deviceTree,
    modules,
    inputs: [file],
  }
}
