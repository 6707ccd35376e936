import { readlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { formatDuration } from '../../../core/duration.ts'
import { HilError } from '../../../core/errors.ts'
import { reasonOf } from '../../../core/reason-of.ts'
import { latestLink } from '../../../report/report-directory.ts'
import { deleteOwnFiles } from './own-files.ts'
import { listReports, type StoredReport } from './stored-reports.ts'

/** `hil report prune`, as it was typed. */
export interface ReportPruneArguments {
  readonly root: string
  /** In milliseconds. */
  readonly keepMs: number
  /** How long reports of what did not pass, and bisections, are kept, in milliseconds. */
  readonly keepFailuresMs: number
  /** Only tell. */
  readonly dryRun: boolean
}

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
    const found = await listReports(root, now)
    const latest = latestOf(root)
    for (const report of found) {
      const { name } = report
      const reason =
        'why' in report ? `it is no report: ${report.why}` : reasonToKeep(report, { ...args, latest, now })
      if (reason === undefined && !('why' in report)) {
        if (!args.dryRun) deleteOwnFiles(join(root, name), report)
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
function reasonToKeep(report: StoredReport, rules: Rules): string | undefined {
  const { name, time, special, needed, strangers } = report
  const age = rules.now - time.getTime()
  if (age < rules.keepMs) return ''
  if (special !== undefined && age < rules.keepFailuresMs) {
    return `${special} (such are kept for ${formatDuration(rules.keepFailuresMs)})`
  }
  if (name === rules.latest) return `it is what ${latestLink} points to`
  if (needed !== undefined) return needed
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

function printLine(line: string): void {
  process.stdout.write(`${line}\n`)
}
