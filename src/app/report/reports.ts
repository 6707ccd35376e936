import { readlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { HilError } from '../../core/errors.ts'
import { makeReport } from '../../report/make-report.ts'
import { ReporterMultiplexer } from '../../report/multiplexer.ts'
import { readEvents } from '../../report/read-events.ts'
import { latestLink } from '../../report/report-directory.ts'
import { Screen } from '../../report/terminal/screen.ts'
import { openReporter, parseReporters, type ReporterChoice } from './reporter-choice.ts'
import { explainReporterFailures } from './reporter-failures.ts'
import { openOutput } from '../terminal.ts'

/** `hil report path` @throws HilError `report.none` (environment) */
export function printLatestReport(root: string): number {
  process.stdout.write(`${latestReport(root)}\n`)
  return 0
}

/**
 * `hil report make`: all files that a run leaves, or what the formats name.
 * @throws HilError `report.events`, `cli.reporter` (environment), `report.write`
 */
export async function remakeReport(
  directory: string,
  formats: readonly string[],
  cwd = process.cwd(),
): Promise<number> {
  const choices = parseReporters(formats, '--format')
  if (choices.length > 0) return await makeFormats(directory, choices, cwd)
  explainReporterFailures(await makeReport(directory))
  process.stdout.write(`${directory}\n`)
  return 0
}

async function makeFormats(
  directory: string,
  choices: readonly ReporterChoice[],
  cwd: string,
): Promise<number> {
  let reporters: ReporterMultiplexer | undefined
  for await (const event of readEvents(join(resolve(cwd, directory), 'events.jsonl'))) {
    if (event.type === 'run-started') {
      const context = {
        screen: new Screen(openOutput(process.stdout)),
        cwd,
        boards: event.boards,
        reportDirectory: directory,
        stepSummary: process.env['GITHUB_STEP_SUMMARY'],
      }
      reporters = new ReporterMultiplexer(choices.map((choice) => openReporter(choice, context)))
    }
    reporters?.event(event)
  }
  explainReporterFailures((await reporters?.end()) ?? [])
  return 0
}

/** The directory of the last run. @throws HilError `report.none` (environment) */
export function latestReport(root: string): string {
  try {
    return join(root, readlinkSync(join(root, latestLink)))
  } catch (error) {
    throw new HilError('report.none', `no run has left a report in ${root} yet`, {
      blame: 'environment',
      details: { root },
      cause: error,
    })
  }
}
