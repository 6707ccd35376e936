import type { BoardSpec } from '../../environment/environment.ts'
import type { LeaseRequest } from '../../lab/lease/board-lease.ts'
import { leaseRequest } from '../../lab/lease/lease-boards.ts'
import { openEnvironment } from '../environment/environments.ts'
import { candidates, type OneBoardChoice } from './choose-boards.ts'
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

/** @throws HilError as `boardsToHold` */
export async function boardToHold(args: BoardArguments, cwd: string): Promise<LabBoard> {
  const [best] = await boardsToHold(args, cwd)
  return best
}

/**
 * The boards that will do, the best one first.
 * @throws HilError `environment.*`, `lab.nothing-to-hold` (environment)
 */
export async function boardsToHold(
  { env, ...choice }: BoardArguments,
  cwd: string,
): Promise<readonly [LabBoard, ...LabBoard[]]> {
  const found = await candidates(await openEnvironment(env, cwd), choice, cwd)
  const [best, ...others] = found
    .map((spec) => ({ spec, request: leaseRequest(spec) }))
    .filter(({ request }) => request.resources.length > 0)
  if (best !== undefined) return [best, ...others]
  const [{ name }] = found
  throw new HilError(
    'lab.nothing-to-hold',
    `${name} is emulated and has nothing of its own: everybody can run one; name something under "resources" if there is to be one for all`,
    { blame: 'environment', details: { board: name } },
  )
}
