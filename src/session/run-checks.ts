import { didYouMean } from '../core/did-you-mean.ts'
import { HilError } from '../core/errors.ts'
import type { Environment } from '../environment/environment.ts'
import { assertState } from '../strategy/assert-state.ts'
import { assertAllowed } from './kernel/allowed-findings.ts'
import type { BoardPlan } from './board/held-boards.ts'
import { planBoard } from './board/plan-board.ts'
import type { Group, Job } from './group/plan-groups.ts'
import type { LoadedFile } from './group/protocol.ts'
import { shortPath } from './run-start.ts'

/** What can be known to be wrong before any board is touched. */

/**
 * @param wanted names; empty: all of the environment
 * @param tags of those, boards that have every one of these
 * @throws HilError `environment.unknown-board`, `environment.unknown-tag` (environment)
 */
export function selectBoards(
  environment: Environment,
  wanted: readonly string[],
  tags: readonly string[] = [],
): readonly string[] {
  const known = environment.boards.map(({ name }) => name)
  for (const name of wanted) assertBoard(name, known, environment.file)
  const named = wanted.length === 0 ? known : [...new Set(wanted)]
  if (tags.length === 0) return named
  const tagged = environment.boards.filter((board) => tags.every((tag) => board.tags.includes(tag)))
  const chosen = tagged.map(({ name }) => name).filter((name) => named.includes(name))
  if (chosen.length === 0) throw noTaggedBoard(environment, wanted, tags)
  return chosen
}

function noTaggedBoard(
  { boards, file }: Environment,
  wanted: readonly string[],
  tags: readonly string[],
): HilError {
  const known = [...new Set(boards.flatMap((board) => board.tags))].sort()
  const unknown = tags.find((tag) => !known.includes(tag))
  const among = wanted.length === 0 ? shortPath(file) : wanted.join(', ')
  const choice = known.length === 0 ? '; no board has any' : `; there are ${known.join(', ')}`
  const hint = (unknown === undefined ? '' : didYouMean(unknown, known)) || choice
  return new HilError(
    'environment.unknown-tag',
    `no board of ${among} has the tags ${tags.join(', ')}${hint}`,
    {
      blame: 'environment',
      details: { tags, known },
    },
  )
}

/** @throws HilError `spec.bad-grep` (environment) */
export function assertGrep(grep: string | undefined): void {
  if (grep === undefined) return
  try {
    new RegExp(grep)
  } catch (cause) {
    throw new HilError(
      'spec.bad-grep',
      `--grep "${grep}" is no regular expression: ${(cause as Error).message}`,
      {
        blame: 'environment',
        details: { grep },
        cause,
      },
    )
  }
}

/**
 * The files that have something to run. A spec without tests is a mistake and no success.
 * @throws HilError `spec.no-tests`, `spec.bad-allow` (environment)
 */
export function filesWithTests(
  files: readonly LoadedFile[],
  grep: string | undefined,
): readonly LoadedFile[] {
  const empty = files.filter(({ tests }) => tests.length === 0)
  if (grep === undefined && empty.length > 0) {
    throw noTests(empty.map(({ file }) => `${shortPath(file)} has no tests`).join('; '))
  }
  if (empty.length === files.length) {
    throw noTests(grep === undefined ? 'no spec was given' : `no test matches --grep "${grep}"`)
  }
  const used = files.filter(({ tests }) => tests.length > 0)
  for (const file of used) assertAllowed(file)
  return used
}

function noTests(message: string): HilError {
  return new HilError('spec.no-tests', message, { blame: 'environment' })
}

/**
 * Loads the strategies of the boards that are used, and checks what the specs ask of them.
 * @param defaultState the state for specs that name none: where all of them do it must still be a state
 * @throws HilError `environment.unknown-board`, `strategy.*` (environment)
 */
export async function planBoards(
  environment: Environment,
  groups: readonly Group[],
  defaultState?: string,
): Promise<ReadonlyMap<string, BoardPlan>> {
  const known = environment.boards.map(({ name }) => name)
  const names = [...new Set(groups.flatMap(({ boards }) => boards))]
  for (const { file } of groups.flatMap(({ jobs }) => jobs)) assertBoards(file, known, environment.file)
  const specs = environment.boards.filter(({ name }) => names.includes(name))
  const plans = await Promise.all(specs.map(async (spec) => [spec.name, await planBoard(spec)] as const))
  const byName = new Map(plans)
  if (defaultState !== undefined)
    assertSomeState(
      defaultState,
      plans.map(([, plan]) => plan),
    )
  for (const job of groups.flatMap(({ jobs }) => jobs)) assertStates(job, byName)
  return byName
}

function assertStates({ file, primary }: Job, plans: ReadonlyMap<string, BoardPlan>): void {
  for (const { board = primary, state, place } of file.requirements) {
    const plan = plans.get(board ?? '')
    if (plan === undefined || state === undefined) continue
    placed(place, () => {
      assertState(plan.strategy, plan.spec.name, state)
    })
  }
}

function assertBoards({ requirements }: LoadedFile, known: readonly string[], file: string): void {
  for (const { board, place } of requirements) {
    if (board === undefined) continue
    placed(place, () => {
      assertBoard(board, known, file)
    })
  }
}

/** Errors of `check` begin with the place that they are about. */
function placed(place: string | undefined, check: () => void): void {
  try {
    check()
  } catch (error) {
    if (place === undefined || !(error instanceof HilError)) throw error
    const { code, blame, details, message } = error
    throw new HilError(code, `${shortPath(place)}: ${message}`, { blame, details: { ...details, place } })
  }
}

function assertSomeState(state: string, plans: readonly BoardPlan[]): void {
  const knows = ({ strategy }: BoardPlan) => strategy.states.some(({ name }) => name === state)
  const [first] = plans
  if (first !== undefined && !plans.some(knows)) assertState(first.strategy, first.spec.name, state)
}

function assertBoard(name: string, known: readonly string[], file: string): void {
  if (known.includes(name)) return
  throw new HilError(
    'environment.unknown-board',
    `there is no board "${name}" in ${shortPath(file)}${didYouMean(name, known) || `; it has ${known.join(', ')}`}`,
    { blame: 'environment', details: { board: name, boards: known } },
  )
}
