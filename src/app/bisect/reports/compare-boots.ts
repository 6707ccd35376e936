import { join } from 'node:path'
import type { BisectionRecord, FailureSignature, ProbeRecord } from '../../../core/bisection-record.ts'
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
  /** What the kernel complained about where it fails, or else the last that it said. */
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
    return { passing, failing, runs, diff: compareBoots(a, b), excerpt: excerptOf(runs[1], b, record.signature) }
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
  // Rather of the commit itself than of another one that has its kernel.
  const runsOf = (all: readonly string[], wanted: ProbeRecord['outcome']) =>
    all.flatMap((each) =>
      record.probes.filter(
        ({ commit: run, outcome, report }) => run === each && outcome === wanted && report !== undefined,
      ),
    )
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

function excerptOf(
  { record }: RecordedRun,
  boot: RecordedBoot,
  signature: FailureSignature | undefined,
): readonly string[] {
  const findings = record?.boards.find(({ name }) => name === boot.board)?.findings ?? []
  const isGrave = ({ level, offset }: RecordedBoot['findings'][number]) =>
    (level === 'fatal' || level === 'error') && offset >= boot.offset
  const grave = findings.find(isGrave)
  if (grave !== undefined) return grave.lines
  // Of a test that failed its message says all; the console has what hil typed.
  if (signature?.kind === 'test') return []
  return boot.lines
    .filter(({ kernelTime }) => kernelTime !== undefined)
    .slice(-lastLines)
    .map(({ text, kernelTime = 0 }) => `[${kernelTime.toFixed(6).padStart(12)}] ${text}`)
}
