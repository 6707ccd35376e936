import type { BoardSpec } from '../../environment/environment.ts'
import type { LeaseRequest } from '../../lab/lease/board-lease.ts'
import { leaseRequest } from '../../lab/lease/lease-boards.ts'
import { openEnvironment } from '../environments.ts'
import { chooseBoard, type OneBoardChoice } from './choose-boards.ts'
import { HilError } from '../../core/errors.ts'

/** What commands about a lab are told of boards. */
export interface BoardArguments extends OneBoardChoice {
  readonly env: string
}

/** A board with what is leased of it. */
export interface LabBoard {
  readonly spec: BoardSpec
  readonly request: LeaseRequest
}

/** @throws HilError `environment.*`, `lab.nothing-to-hold` (environment) */
export async function boardToHold({ env, ...choice }: BoardArguments, cwd: string): Promise<LabBoard> {
  const spec = await chooseBoard(await openEnvironment(env, cwd), choice, cwd)
  const request = leaseRequest(spec)
  if (request.resources.length > 0) return { spec, request }
  throw new HilError(
    'lab.nothing-to-hold',
    `${spec.name} is emulated and has nothing of its own: everybody can run one; name something under "resources" if there is to be one for all`,
    { blame: 'environment', details: { board: spec.name } },
  )
}
