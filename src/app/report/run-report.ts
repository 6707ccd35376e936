import { resolve } from 'node:path'
import type { EmitEvent, RunEvent } from '../../core/events.ts'
import { displayPath } from '../../environment/problems/problems.ts'
import { fileReporters } from '../../report/file-reporters.ts'
import { ReporterMultiplexer, type ReporterFailure } from '../../report/multiplexer.ts'
import { createReportDirectory, linkLatest } from '../../report/report-directory.ts'
import type { Reporter } from '../../report/reporter.ts'
import type { Screen } from '../../report/terminal/screen.ts'
import { createEventBus, type EventReader } from '../../session/event-bus.ts'
import { logReporter, openLog, type LogLevel } from '../log/log.ts'
import { openReporter, type ReporterChoice } from './reporter-choice.ts'
import { explainReporterFailures } from './reporter-failures.ts'
import { announceReporter } from '../spectate/announce-reporter.ts'

export interface RunReportOptions {
  readonly cwd: string
  /** The directory of all reports. */
  readonly root: string
  readonly boards: readonly string[]
  readonly reporters: readonly ReporterChoice[]
  /** Readers that can't be chosen. */
  readonly more?: readonly Reporter[]
  /** One more that says where the report is. */
  readonly reader?: (reportDirectory: string) => Reporter
  /** stdout */
  readonly screen: Screen
  readonly logLevel: LogLevel | undefined
}

/** Everything that reads the events of one run. */
export interface RunReport {
  /** As the person would type it. */
  readonly directory: string
  readonly emit: EmitEvent
  readonly failures: () => readonly ReporterFailure[]
  /** Calls `read` with each event from now on, before the reporters see it. */
  readonly tap: (read: (event: RunEvent) => void) => Disposable
  /** @throws HilError `report.write` when a report could not be made */
  close(): Promise<void>
}

/** @throws HilError `report.directory`, `cli.reporter` (environment) */
export function openRunReport(options: RunReportOptions): RunReport {
  const { cwd, root, boards, reporters, more = [], reader, screen, logLevel } = options
  const absolute = createReportDirectory(resolve(cwd, root), new Date(), boards)
  const directory = displayPath(absolute, cwd)
  const context = {
    screen,
    cwd,
    boards,
    reportDirectory: directory,
    stepSummary: process.env['GITHUB_STEP_SUMMARY'],
  }
  const log = openLog({
    file: resolve(absolute, 'hil.log'),
    level: logLevel,
    print: (line) => {
      screen.print(line)
    },
  })
  const multiplexer = new ReporterMultiplexer([
    ...fileReporters(absolute),
    announceReporter(absolute),
    logReporter(log),
    ...reporters.map((choice) => openReporter(choice, context)),
    ...more,
    ...(reader === undefined ? [] : [reader(directory)]),
  ])
  linkLatest(resolve(cwd, root), absolute)
  const taps = new Set<EventReader['event']>()
  const bus = createEventBus([
    {
      name: 'a terminal',
      event: (event) =>
        taps.forEach((read) => {
          read(event)
        }),
    },
    { name: 'the reports', event: multiplexer.event },
  ])
  return {
    directory,
    emit: bus.emit,
    failures: () => multiplexer.failures,
    tap(read) {
      taps.add(read)
      return { [Symbol.dispose]: () => taps.delete(read) }
    },
    async close() {
      explainReporterFailures(await multiplexer.end())
    },
  }
}
