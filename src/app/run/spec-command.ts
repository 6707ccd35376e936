import { showEnvironment } from '../../environment/show-environment.ts'
import type { Environment } from '../../environment/environment.ts'
import type { Queueing } from '../../lab/lease/lease-boards.ts'
import type { Screen } from '../../report/terminal/screen.ts'
import type { RunSpecsOptions } from '../../session/run-options.ts'
import { openEnvironment } from '../environment/environments.ts'
import { chooseBoards } from '../lab/choose-boards.ts'
import { leasesOf } from '../leases.ts'
import { withPayload, type PayloadArguments } from '../payload/arguments.ts'
import { personAt } from '../person.ts'
import type { RunReport } from '../report/run-report.ts'

/** What `hil run` and `hil watch` are both told. */
export interface SpecCommandOptions extends Pick<RunSpecsOptions, 'bail' | 'retries' | 'keep'> {
  /** Files, directories, globs. */
  readonly specs: readonly string[]
  readonly env: string
  /** Empty: all of the environment. */
  readonly boards: readonly string[]
  /** Of these, those that have every one of these tags. */
  readonly tags: readonly string[]
  readonly grep: string | undefined
  readonly timeoutMs: number | undefined
  readonly state: string | undefined
  readonly reportRoot: string
  readonly payload: PayloadArguments
  /** Boots in spite of what is wrong with the payload. */
  readonly force: boolean
  readonly queueing: Queueing
}

/** The boards that a command is for. */
export interface OpenedBoards {
  /** With the payload of the command line. */
  readonly environment: Environment
  readonly boards: readonly string[]
  /** What a person should know of the choice: sentences. */
  readonly notes: readonly string[]
}

/** @throws HilError what `openEnvironment` and `chooseBoards` throw */
export async function openBoards(
  { env, payload, boards, tags }: Pick<SpecCommandOptions, 'env' | 'payload' | 'boards' | 'tags'>,
  cwd: string,
): Promise<OpenedBoards> {
  const own = await openEnvironment(env, cwd)
  const { names, notes } = await chooseBoards(own, { boards, tags })
  const environment = { ...own, boards: own.boards.map((board) => withPayload(board, payload, cwd)) }
  return { environment, boards: names, notes }
}

/** Of a run's options those that follow from it. */
export function runOptionsOf(
  { bail, retries, keep, grep, timeoutMs, state, queueing }: SpecCommandOptions,
  { environment, boards, notes }: OpenedBoards,
  report: RunReport,
  screen: Screen,
) {
  const ask = personAt(screen)
  return {
    environment,
    environmentYaml: showEnvironment(environment),
    ...{ boards, notes, bail, retries, keep },
    ...(grep !== undefined && { grep }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(state !== undefined && { state }),
    ...(ask !== undefined && { ask }),
    emit: report.emit,
    leaseBoards: leasesOf(queueing),
    argv: ['hil', ...process.argv.slice(2)],
    readerFailures: () => report.failures().map(({ reporter, error }) => ({ reader: reporter, error })),
  } satisfies Partial<RunSpecsOptions>
}
