import { relative } from 'node:path'
import { didYouMean } from '../../core/did-you-mean.ts'
import { HilError } from '../../core/errors.ts'
import type { BoardSpec, Environment } from '../../environment/environment.ts'
import { describeQuarantine } from '../../lab/lease/board-health.ts'
import { leaseRequest } from '../../lab/lease/lease-boards.ts'
import { recordDirectory } from '../../lab/lease/lease-records.ts'
import { lookUp } from '../../lab/lease/look-up.ts'
import { quarantineOf, refuseQuarantined } from '../../lab/lease/quarantine.ts'
import { selectBoards } from '../../session/run-checks.ts'

/** Which boards of an environment a command is for. */
export interface BoardChoice {
  /** Names; empty: all of the environment. */
  readonly boards: readonly string[]
  /** Of these, those that have every one of these tags. */
  readonly tags: readonly string[]
}

export interface ChosenBoards {
  readonly names: readonly string[]
  /** Which were left out, and why: sentences. */
  readonly notes: readonly string[]
}

/**
 * The boards that a command is for. Of those that nobody named those in quarantine are left out; that is known before
 * anything is built.
 *
 * @throws HilError `environment.unknown-board`, `environment.unknown-tag` (environment), `lab.quarantined` (infrastructure)
 *   for a board that was named, and where none is left
 */
export async function chooseBoards(environment: Environment, choice: BoardChoice): Promise<ChosenBoards> {
  const chosen = selectBoards(environment, choice.boards, choice.tags)
  const requests = environment.boards.filter(({ name }) => chosen.includes(name)).map(leaseRequest)
  if (choice.boards.length > 0 && choice.tags.length === 0) {
    await refuseQuarantined(requests)
    return { names: chosen, notes: [] }
  }
  const sick = new Map<string, string>()
  for (const request of requests) {
    const health = await quarantineOf(request)
    if (health === undefined) continue
    const { board } = request
    sick.set(board, `${board} is left out, for it is in quarantine ${describeQuarantine(health)}`)
  }
  if (sick.size === requests.length) await refuseQuarantined(requests)
  return { names: chosen.filter((name) => !sick.has(name)), notes: [...sick.values()] }
}

/** Which board a command is for that uses one. */
export interface OneBoardChoice {
  /** May be left out where the environment has one board, and where tags say enough. */
  readonly board: string | undefined
  readonly tags: readonly string[]
}

/**
 * The board that a command is for that uses one: by its name, or of those with the tags one that is free.
 * @throws HilError as `candidates`
 */
export async function chooseBoard(
  environment: Environment,
  choice: OneBoardChoice,
  cwd: string,
): Promise<BoardSpec> {
  const [best] = await candidates(environment, choice, cwd)
  return best
}

/**
 * The boards that will do for a command that uses one: the one that is named, or all with the tags, those first that
 * are free, then those with the shortest line, and last those in quarantine.
 * @throws HilError `environment.unknown-board`, `environment.unknown-tag`, `console.which-board` (environment)
 */
export async function candidates(
  environment: Environment,
  { board, tags }: OneBoardChoice,
  cwd: string,
): Promise<readonly [BoardSpec, ...BoardSpec[]]> {
  if (tags.length === 0) return [boardNamed(environment, board, cwd)]
  const names = selectBoards(environment, board === undefined ? [] : [board], tags)
  const directory = await recordDirectory()
  const found = await Promise.all(
    environment.boards
      .filter(({ name }) => names.includes(name))
      .map(async (spec) => {
        const request = leaseRequest(spec)
        const { users, keepers, waiting } = await lookUp(request, directory)
        const isSick = (await quarantineOf(request)) !== undefined
        return { spec, rank: [Number(isSick), waiting.length, users.length + keepers.length] }
      }),
  )
  const [best, ...others] = found.toSorted((a, b) => compare(a.rank, b.rank)).map(({ spec }) => spec)
  if (best === undefined) throw new RangeError(`no board was chosen of ${names.join(', ')}`)
  return [best, ...others]
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((each, at) => each !== b[at])
  return index === -1 ? 0 : (a[index] ?? 0) - (b[index] ?? 0)
}

function boardNamed({ boards, file }: Environment, name: string | undefined, cwd: string): BoardSpec {
  const names = boards.map((board) => board.name)
  const [first, ...others] = boards
  if (name === undefined && first !== undefined && others.length === 0) return first
  const found = boards.find((board) => board.name === name)
  if (found !== undefined) return found
  const place = relative(cwd, file)
  if (name === undefined) {
    throw wrongBoard(
      'console.which-board',
      `${place} has ${names.length} boards: say which, of ${names.join(', ')}`,
    )
  }
  const hint = didYouMean(name, names) || `; it has ${names.join(', ')}`
  throw wrongBoard('environment.unknown-board', `there is no board "${name}" in ${place}${hint}`)
}

function wrongBoard(code: string, message: string): HilError {
  return new HilError(code, message, { blame: 'environment' })
}
