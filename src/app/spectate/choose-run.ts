import { HilError } from '../../core/errors.ts'
import type { BoardSpec, Environment } from '../../environment/environment.ts'
import { describeHolder } from '../../lab/lease/holder.ts'
import { leaseRequest } from '../../lab/lease/lease-boards.ts'
import { recordDirectory } from '../../lab/lease/lease-records.ts'
import { findRuns, type FoundRun } from '../../lab/lease/live-runs.ts'
import { lookUp } from '../../lab/lease/look-up.ts'
import { silentHolder } from '../../lab/resource-lock.ts'

/**
 * The run that has a board: of an emulated one, of which everybody has their own, the newest with this environment.
 * @throws HilError `console.nobody`, `console.no-run` (environment)
 */
export async function chooseRun(board: BoardSpec, { file }: Environment): Promise<FoundRun> {
  const request = leaseRequest(board)
  const { resources } = request
  const { users } = await lookUp(request, await recordDirectory())
  const pids = new Set(users.map((user) => (user === 'silent' ? undefined : user.pid)))
  const runs = await findRuns()
  const fitting = runs
    .filter(({ holder, boards, environmentFile }) =>
      resources.length > 0 ? pids.has(holder.pid) : boards.includes(board.name) && environmentFile === file,
    )
    .sort((a, b) => (a.holder.since < b.holder.since ? 1 : -1))
  const [chosen] = fitting
  for (const run of runs) if (run !== chosen) run[Symbol.dispose]()
  if (chosen !== undefined) return chosen
  const [user] = users
  if (user === undefined) throw nobody(board.name)
  throw noRun(board.name, user === 'silent' ? silentHolder : describeHolder(user))
}

function nobody(board: string): HilError {
  return new HilError(
    'console.nobody',
    `nobody has ${board} at the moment, so there is nothing to watch; "hil console" without --watch takes it`,
    { blame: 'environment', details: { board } },
  )
}

function noRun(board: string, who: string): HilError {
  return new HilError('console.no-run', `${board} is in use by ${who}, which writes no report to watch`, {
    blame: 'environment',
    details: { board },
  })
}
