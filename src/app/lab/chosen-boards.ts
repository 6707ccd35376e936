import type { BoardSpec } from '../../environment/environment.ts'
import { resourcesOf } from '../../lab/open-hardware.ts'
import { chooseBoard } from '../attended-run.ts'
import { openEnvironment } from '../environments.ts'
import { HilError } from '../../core/errors.ts'

/** What commands about a lab are told of boards. */
export interface BoardArguments {
  readonly env: string
  /** May be left out where the environment has one board. */
  readonly board: string | undefined
}

/** A board with what it needs for itself alone. */
export interface LabBoard {
  readonly spec: BoardSpec
  readonly resources: readonly string[]
}

/** @throws HilError `environment.*`, `lab.nothing-to-hold` (environment) */
export async function boardToHold({ env, board }: BoardArguments, cwd: string): Promise<LabBoard> {
  const spec = chooseBoard(await openEnvironment(env, cwd), board, cwd)
  const resources = resourcesOf(spec)
  if (resources.length > 0) return { spec, resources }
  throw new HilError(
    'lab.nothing-to-hold',
    `${spec.name} is emulated and has nothing of its own: everybody can run one; name something under "resources" if there is to be one for all`,
    { blame: 'environment', details: { board: spec.name } },
  )
}
