import { resolve } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import { showEnvironment } from '../../environment/show-environment.ts'
import type { Queueing } from '../../lab/lease/lease-boards.ts'
import { leasesOf } from '../leases.ts'
import { Screen } from '../../report/terminal/screen.ts'
import type { InteractiveFailure, RunSpecsOptions } from '../../session/run-options.ts'
import { runSpecs } from '../../session/run-specs.ts'
import { assertTerminal, attachTerminal } from '../attended/attach-terminal.ts'
import { openEnvironment } from '../environment/environments.ts'
import { chooseBoards } from '../lab/choose-boards.ts'
import { pastFinder } from '../history/find-past.ts'
import { rememberRun } from '../history/remember-run.ts'
import { chooseLogLevel } from '../log/log.ts'
import { personAt } from '../person.ts'
import { withPayload, type PayloadArguments } from '../payload/arguments.ts'
import { preparer } from '../payload/prepare.ts'
import { parseReporters, type ReporterChoice } from '../report/reporter-choice.ts'
import { openRunReport } from '../report/run-report.ts'
import { findSpecs } from './spec-files.ts'
import { sourceFinder } from '../symbols/run-sources.ts'
import { superviseRun } from './supervise-run.ts'
import { openOutput } from '../terminal.ts'

/** What `hil run` was told. */
export interface RunCommandOptions extends Pick<
  RunSpecsOptions,
  'bail' | 'retries' | 'repeatEach' | 'keep' | 'failOnFlaky' | 'exitMode'
> {
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
  readonly debug: boolean
  /** `spec`, `junit=results.xml` */
  readonly reporters: readonly string[]
  readonly reportRoot: string
  readonly isVerbose: boolean
  /** The `vmlinux` of the kernel that is tested, to find the source lines of its traces. */
  readonly vmlinux: string | undefined
  readonly payload: PayloadArguments
  /** Boots in spite of what is wrong with the payload. */
  readonly force: boolean
  readonly queueing: Queueing
}

/**
 * `hil run`: environment, session, reports.
 * @returns the exit code
 * @throws HilError for what is wrong before the run begins, and for what broke hil or its reports; all
 *   other failures are in the report
 */
export async function runCommand(options: RunCommandOptions, cwd = process.cwd()): Promise<number> {
  const { bail, retries, repeatEach, keep, failOnFlaky, exitMode, debug, grep, timeoutMs, state } = options
  if (debug) assertTerminal()
  const reporters = parseReporters(options.reporters)
  const logLevel = chooseLogLevel(options.isVerbose, process.env['HIL_LOG'])
  const specs = findSpecs(options.specs, cwd).map((spec) => resolve(cwd, spec))
  const tree = options.payload.objects ?? options.payload.kernelTree
  const findSources = await sourceFinder({ vmlinux: options.vmlinux, tree }, cwd)
  const own = await openEnvironment(options.env, cwd)
  const { names: boards, notes } = await chooseBoards(own, options)
  const environment = {
    ...own,
    boards: own.boards.map((board) => withPayload(board, options.payload, cwd)),
  }

  const findPast = pastFinder(options.reportRoot, environment.file, cwd)

  const screen = new Screen(openOutput(process.stdout))
  const report = openRunReport({ cwd, root: options.reportRoot, boards, reporters, screen, logLevel })
  const { emit, tap } = report
  const reserveMs = Math.max(...environment.boards.map(({ timeouts }) => timeouts.release))
  using supervision = superviseRun({ emit, reserveMs })
  const { interrupt } = supervision
  const ask = personAt(screen)
  const { exitCode, error } = await runSpecs({
    environment,
    environmentYaml: showEnvironment(environment),
    ...{
      boards,
      notes,
      specs,
      bail,
      retries,
      repeatEach,
      keep,
      debug,
      failOnFlaky,
      exitMode,
      emit,
      interrupt,
      prepareBoot: preparer(options),
      leaseBoards: leasesOf(options.queueing),
    },
    ...(findSources && { findSources }),
    ...(findPast && { findPast }),
    ...(grep !== undefined && { grep }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(state !== undefined && { state }),
    ...(ask !== undefined && { ask }),
    argv: ['hil', ...process.argv.slice(2)],
    onInteractive: (failure) => debugFailure(failure),
    readerFailures: () => report.failures().map(({ reporter, error }) => ({ reader: reporter, error })),
  })
  await report.close()
  if (!isShownToPeople(reporters)) {
    if (error !== undefined) process.stderr.write(`hil: ${messageOf(error)}\n`)
    process.stderr.write(`Report: ${report.directory}\n`)
  }
  await rememberRun(options.reportRoot, report.directory, cwd)
  supervision.throwIfBroken()
  return exitCode

  async function debugFailure({ test, error, board, ...line }: InteractiveFailure): Promise<void> {
    screen.print(`\n${test} failed: ${error.message}\nYou have the console of ${board}; Ctrl-] goes on.\n\n`)
    await attachTerminal({ ...line, screen, tap, signal: interrupt })
  }
}

/** Whether somebody reads on stdout how the run ended. */
function isShownToPeople(reporters: readonly ReporterChoice[]): boolean {
  return reporters.some(({ name, file }) => file === undefined && (name === 'spec' || name === 'dot'))
}
