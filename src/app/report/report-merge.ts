import { join, resolve } from 'node:path'
import { mergeHtml } from '../../report/merge/merge-html.ts'
import { mergeRuns, type MergedRun } from '../../report/merge/merge-runs.ts'
import { mergeText } from '../../report/merge/merge-text.ts'
import { readRecord } from '../../report/read-record.ts'
import { linkFrom } from './link-from.ts'
import { isPage, writeOutput } from './report-output.ts'

/** `hil report merge`, as it was typed. */
export interface ReportMergeArguments {
  readonly directories: readonly string[]
  /** A page where it ends in `.html`. */
  readonly output: string | undefined
}

/**
 * Joins runs in one overview.
 * @returns the exit code: 0 whatever the runs came to
 * @throws HilError `report.events`, `report.output` (environment)
 */
export async function mergeReports(args: ReportMergeArguments, cwd = process.cwd()): Promise<number> {
  const { directories, output } = args
  const runs: MergedRun[] = []
  for (const source of directories) {
    runs.push({ source, record: await readRecord(join(resolve(cwd, source), 'events.jsonl')) })
  }
  const overview = mergeRuns(withoutRepeats(runs))
  const text = isPage(output)
    ? mergeHtml(overview, ({ source }) => linkFrom(resolve(cwd, output), resolve(cwd, source, 'report.html')))
    : mergeText(overview)
  writeOutput(output, text, cwd)
  return 0
}

/** `reports/*` names the last run twice: by its name, and as `latest`. */
function withoutRepeats(runs: readonly MergedRun[]): readonly MergedRun[] {
  const idOf = ({ record, source }: MergedRun) => record.started?.runId ?? source
  return runs.filter((run, index) => runs.findIndex((other) => idOf(other) === idOf(run)) === index)
}
