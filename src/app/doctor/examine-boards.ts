import { now } from '../../core/clock.ts'
import type { EmitEvent } from '../../core/events.ts'
import type { Examination } from '../../core/examination.ts'
import { driverChoices } from '../../environment/boards/driver-choices.ts'
import { showEnvironment } from '../../environment/show-environment.ts'
import { resourcesOf } from '../../lab/board-resources.ts'
import type { Queueing } from '../../lab/lease/lease-boards.ts'
import { noteLine } from '../../report/terminal/note-line.ts'
import type { Reporter } from '../../report/reporter.ts'
import { emitStart, redacting, redactorFor } from '../../session/run-start.ts'
import { planBoard } from '../../session/board/plan-board.ts'
import { emitEnd, interruptionOf } from '../emit-end.ts'
import { preparer } from '../payload/prepare.ts'
import { personAt } from '../person.ts'
import { openRunReport } from '../report/run-report.ts'
import { superviseRun } from '../run/supervise-run.ts'
import { Bench } from './bench.ts'
import { leavingStep, provingSteps } from './board-steps.ts'
import { firstFailure, type Examined, type Patient, type Telling } from './examined.ts'
import { examine } from './examine.ts'
import { inTurns } from './in-turns.ts'
import { RunningSteps } from './running-steps.ts'
import { closingLine, resultLines, styleOf } from './tell.ts'

interface ExamineBoardsOptions {
  readonly telling: Telling
  readonly reportRoot: string
  readonly queueing: Queueing
  readonly cwd: string
}

/** Examines boards, those at once that have nothing in common, in a report as any run. */
export async function examineBoards(
  patients: readonly Patient[],
  { telling, reportRoot, queueing, cwd }: ExamineBoardsOptions,
): Promise<Examined> {
  const { screen, isQuiet, margin } = telling
  const style = styleOf(screen.output)
  const print = (text: string) => {
    if (!isQuiet) screen.print(text)
  }
  const names = patients.map(({ spec }) => spec.name)
  const report = openRunReport({
    ...{ cwd, root: reportRoot, boards: names, reporters: [], screen, logLevel: undefined },
    more: [warnings(print)],
  })
  const reserveMs = Math.max(...patients.map(({ spec }) => spec.timeouts.release))
  using supervision = superviseRun({ emit: report.emit, reserveMs })
  const { interrupt: signal } = supervision
  const startedAt = now()
  startReport()
  const running = new RunningSteps(screen, isQuiet)
  const ask = personAt(screen)

  const examinations = await inTurns(patients, thingsNeeded, examineOne)
  running.end()
  const interruptedBy = interruptionOf(signal)
  const exitCode = emitEnd(firstFailure(examinations), interruptedBy, now() - startedAt, report.emit)
  await report.close()
  supervision.throwIfBroken()
  print(`Report: ${report.directory}\n`)
  return { examinations, exitCode }

  function startReport(): void {
    for (const { environment } of patients.slice(0, 1)) {
      const environmentYaml = showEnvironment(environment)
      const argv = ['hil', ...process.argv.slice(2)]
      emitStart({ environment, environmentYaml, argv, specs: [], boards: names }, report.emit)
    }
  }

  async function examineOne({ environment, spec }: Patient): Promise<Examination> {
    const redactor = redactorFor(environment)
    const emit: EmitEvent = redacting(report.emit, redactor)
    const bench = new Bench(spec, {
      ...{ emit, redactor, queueing, what: 'hil doctor', prepareBoot: preparer({ force: false }) },
      ...(ask && { ask }),
      strategy: (await planBoard(spec)).strategy,
    })
    const examination = await examine({
      board: spec.name,
      bench,
      steps: provingSteps(queueing),
      last: leavingStep,
      signal,
      onStart: ({ id, title }) => {
        emit({ type: 'step-started', id: `${spec.name} ${id}`, board: spec.name, title })
        running.start(spec.name, title)
      },
      onResult: (result) => {
        running.stop(spec.name)
        // Before its lines are broken, where a secret may be.
        print(resultLines(redactor.redact(result), margin(spec.name), style))
        if (result.reason === undefined) tellResult(spec.name, result, emit)
      },
    })
    print(closingLine(examination, style.paint))
    return examination
  }
}

function tellResult(board: string, result: Examination['steps'][number], emit: EmitEvent): void {
  const { id, durationMs, findings } = result
  const failure = findings.find(({ level }) => level === 'failed')
  emit({
    type: 'step-ended',
    id: `${board} ${id}`,
    durationMs,
    ...(failure && { error: { name: 'HilError', message: failure.words } }),
  })
}

/** What keeps two boards from being examined at once: hardware they share, or the person who switches both. */
function thingsNeeded({ spec }: Patient): readonly string[] {
  const asksPerson = driverChoices(spec).some(({ driver }) => driver.name === 'manual')
  return [...resourcesOf(spec), ...(asksPerson ? ['a person'] : [])]
}

/** What a person should know meanwhile. */
function warnings(print: (text: string) => void): Reporter {
  return {
    name: 'terminal',
    event(event) {
      if (event.type === 'note' && event.level !== 'info') print(`${noteLine(event, (_, text) => text)}\n`)
    },
    end: () => undefined,
  }
}
