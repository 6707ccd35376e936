import { readdirSync, readlinkSync, rmdirSync, statSync, unlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { formatDuration } from '../../core/duration.ts'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'
import { latestLink } from '../../report/report-directory.ts'
import { listReports, type NoReport, type StoredReport } from '../../report/stored-reports.ts'

/** `hil report prune`, as it was typed. */
export interface ReportPruneArguments {
  readonly root: string
  /** In milliseconds. */
  readonly keepMs: number
  /** How long reports of runs that did not pass are kept, in milliseconds. */
  readonly keepFailuresMs: number
  /** Only tell. */
  readonly dryRun: boolean
}

/** A run whose events grew in this time may go on, however old it is. */
const goesOnMs = 24 * 3_600_000

/**
 * Deletes reports that are old enough: files that hil wrote, one by one, and nothing else.
 * @throws HilError `report.prune` (environment) where a directory can't be read, or a file not be deleted
 */
export async function pruneReports(
  args: ReportPruneArguments,
  now = Date.now(),
  print: (line: string) => void = printLine,
): Promise<number> {
  const root = resolve(args.root)
  try {
    const found = await listReports(root)
    const latest = latestOf(root)
    for (const report of found) {
      const { name } = report
      const reason = reasonToKeep(report, { ...args, root, latest, now })
      if (reason === undefined) {
        if (!args.dryRun) deleteReport(join(root, name))
        print(`${args.dryRun ? 'would delete' : 'deleted'} ${name}`)
      } else if (reason !== '') print(`kept ${name}: ${reason}`)
    }
  } catch (error) {
    throw new HilError('report.prune', `reports in ${args.root} can't be pruned: ${reasonOf(error, root)}`, {
      blame: 'environment',
      details: { root },
      cause: error,
    })
  }
  return 0
}

interface Rules extends ReportPruneArguments {
  readonly latest: string | undefined
  readonly now: number
}

/** @returns `''` for what is kept because it is young: nobody wonders why */
function reasonToKeep(report: StoredReport | NoReport, rules: Rules): string | undefined {
  if ('why' in report) return `it is no report: ${report.why}`
  const { name, startedAt, isGood, isFinished, strangers } = report
  const age = rules.now - startedAt.getTime()
  if (age < (isGood ? rules.keepMs : rules.keepFailuresMs)) {
    return age < rules.keepMs
      ? ''
      : `it did not pass (failures are kept for ${formatDuration(rules.keepFailuresMs)})`
  }
  if (name === rules.latest) return `it is what ${latestLink} points to`
  if (!isFinished && rules.now - statSync(join(rules.root, name, 'events.jsonl')).mtimeMs < goesOnMs) {
    return 'it may still go on'
  }
  if (strangers.length > 0) return `there are files in it that hil did not write: ${strangers.join(', ')}`
  return undefined
}

function latestOf(root: string): string | undefined {
  try {
    return readlinkSync(join(root, latestLink))
  } catch {
    return undefined
  }
}

/** By the events a report is known: they go last, so that one of which a part was deleted is found again. */
function deleteReport(directory: string): void {
  const files = readdirSync(directory).filter((name) => name !== 'events.jsonl')
  for (const name of [...files, 'events.jsonl']) unlinkSync(join(directory, name))
  rmdirSync(directory)
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`)
}
