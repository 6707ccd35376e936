import { readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { HilError } from '../core/errors.ts'
import { makeReport } from '../report/make-report.ts'
import { latestLink } from '../report/report-directory.ts'
import { explainReporterFailures } from './reporter-failures.ts'

/** `hil report path` @throws HilError `report.none` (environment) */
export function printLatestReport(root: string): number {
  process.stdout.write(`${join(root, latestRun(root))}\n`)
  return 0
}

/** `hil report make` @throws HilError `report.events` (environment), `report.write` */
export async function remakeReport(directory: string): Promise<number> {
  explainReporterFailures(await makeReport(directory))
  process.stdout.write(`${directory}\n`)
  return 0
}

function latestRun(root: string): string {
  try {
    return readlinkSync(join(root, latestLink))
  } catch (error) {
    throw new HilError('report.none', `no run has left a report in ${root} yet`, {
      blame: 'environment',
      details: { root },
      cause: error,
    })
  }
}
