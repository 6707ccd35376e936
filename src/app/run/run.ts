import { resolve } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import { Screen } from '../../report/terminal/screen.ts'
import type { InteractiveFailure, RunSpecsOptions } from '../../session/run-options.ts'
import { runSpecs } from '../../session/run-specs.ts'
import { assertTerminal, attachTerminal } from '../attended/attach-terminal.ts'
import { pastFinder } from '../history/find-past.ts'
import { rememberRun } from '../history/remember-run.ts'
import { chooseLogLevel } from '../log/log.ts'
import { preparer } from '../payload/prepare.ts'
import { parseReporters, type ReporterChoice } from '../report/reporter-choice.ts'
import { openRunReport } from '../report/run-report.ts'
import { openBoards, runOptionsOf, type SpecCommandOptions } from './spec-command.ts'
import { findSpecs } from './spec-files.ts'
import { sourceFinder } from '../symbols/run-sources.ts'
import { superviseRun } from './supervise-run.ts'
import { openOutput } from '../terminal.ts'

/** What `hil run` was told. */
export interface RunCommandOptions
  extends SpecCommandOptions, Pick<RunSpecsOptions, 'repeatEach' | 'failOnFlaky' | 'exitMode'> {
  readonly debug: boolean
  /** `spec`, `junit=results.xml` */
  readonly reporters: readonly string[]
  readonly isVerbose: boolean
  /** The `vmlinux` of the kernel that is tested, to find the source lines of its traces. */
  readonly vmlinux: string | undefined
}

/**
 * `hil run`: environment, session, reports.
 * @returns the exit code
 * @throws HilError for what is wrong before the run begins, and for what broke hil or its reports; all
 *   other failures are in the report
 */
export async function runCommand(options: RunCommandOptions, cwd = process.cwd()): Promise<number> {
  const { repeatEach, failOnFlaky, exitMode, debug } = options
  if (debug) assertTerminal()
  const reporters = parseReporters(options.reporters)
  const logLevel = chooseLogLevel(options.isVerbose, process.env['HIL_LOG'])
  const specs = findSpecs(options.specs, cwd).map((spec) => resolve(cwd, spec))
  const tree = options.payload.objects ?? options.payload.kernelTree
  const findSources = await sourceFinder({ vmlinux: options.vmlinux, tree }, cwd)
  const opened = await openBoards(options, cwd)
  const { environment, boards } = opened
  const findPast = pastFinder(options.reportRoot, environment.file, cwd)

  const screen = new Screen(openOutput(process.stdout))
  const report = openRunReport({ cwd, root: options.reportRoot, boards, reporters, screen, logLevel })
  const { emit, tap } = report
  const reserveMs = Math.max(...environment.boards.map(({ timeouts }) => timeouts.release))
  using supervision = superviseRun({ emit, reserveMs })
  const { interrupt } = supervision
  const { exitCode, error } = await runSpecs({
    ...runOptionsOf(options, opened, report, screen),
    ...{ specs, repeatEach, debug, failOnFlaky, exitMode, interrupt },
    prepareBoot: preparer(options),
    ...(findSources && { findSources }),
    ...(findPast && { findPast }),
    onInteractive: (failure) => debugFailure(failure),
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
