import { join } from 'node:path'
import type { BisectionRecord, ProbeRecord } from '../../../core/bisection-record.ts'
import { HilError } from '../../../core/errors.ts'
import { namedCommits, withSameKernel } from '../../../report/bisect/names.ts'
import { readBoots } from '../../../report/boots/read-boots.ts'
import type { RecordedBoot, RecordedRun } from '../../../report/boots/recorded-boot.ts'
import { chooseBoots } from '../../../report/diff/choose-boots.ts'
import { compareBoots, type BootDiff } from '../../../report/diff/compare-boots.ts'

/** A boot without the failure, and one with it. */
export interface ComparedBoots {
  readonly passing: ProbeRecord
  readonly failing: ProbeRecord
  readonly runs: readonly [RecordedRun, RecordedRun]
  readonly diff: BootDiff
  /** What the kernel complained about where it fails, or else the last lines of the console. */
  readonly excerpt: readonly string[]
}

/**
 * Compares what was found with what is before it, on one board if both ran on one.
 * @returns undefined where none was found, or where their reports can't be read
 */
export async function compareFound(directory: string, record: BisectionRecord): Promise<ComparedBoots | undefined> {
  const pair = pairOf(record)
  if (pair === undefined) return undefined
  const { passing, failing } = pair
  const read = async ({ report = '' }: ProbeRecord) => ({
    ...(await readBoots(join(directory, report))),
    source: report,
  })
  try {
    const runs = [await read(passing), await read(failing)] as const
    const [a, b] = chooseBoots(...runs, { board: passing.board }, { board: failing.board })
    return { passing, failing, runs, diff: compareBoots(a, b), excerpt: excerptOf(runs[1], b) }
  } catch (error) {
    // Somebody may have cleaned up: what the bisection came to holds without it.
    if (error instanceof HilError && error.blame === 'environment') return undefined
    throw error
  }
}

function pairOf(record: BisectionRecord): { passing: ProbeRecord; failing: ProbeRecord } | undefined {
  const [commit, ...others] = namedCommits(record)
  if (commit === undefined || others.length > 0) return undefined
  const itself = withSameKernel(record, commit)
  const parents = (record.commits[commit]?.parents ?? []).flatMap((parent) => withSameKernel(record, parent))
  const [good, bad] = record.change === 'fix' ? [itself, parents] : [parents, itself]
  const runsOf = (commits: readonly string[], outcome: ProbeRecord['outcome']) =>
    record.probes.filter((probe) => commits.includes(probe.commit) && probe.outcome === outcome && probe.report !== undefined)
  const [passes, failures] = [runsOf(good, 'pass'), runsOf(bad, 'fail')]
  for (const failing of failures) {
    const passing = passes.find(({ board }) => board === failing.board)
    if (passing !== undefined) return { passing, failing }
  }
  const [passing, failing] = [passes[0], failures[0]]
  return passing === undefined || failing === undefined ? undefined : { passing, failing }
}

/** So many lines tell of a boot in which the kernel did not complain. */
const lastLines = 25

function excerptOf({ record }: RecordedRun, boot: RecordedBoot): readonly string[] {
  const findings = record?.boards.find(({ name }) => name === boot.board)?.findings ?? []
  const grave = findings.find(({ level, offset }) => level !== 'info' && level !== 'warning' && offset >= boot.offset)
  return grave?.lines ?? boot.lines.slice(-lastLines).map(({ text }) => text)
}
