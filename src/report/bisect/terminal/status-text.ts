import type { BisectionRecord, BisectionSource, ProbeOutcome } from '../../../core/bisection-record.ts'
import { formatSecond } from '../../../core/moment.ts'
import { describeFailure } from '../../failures-of-run.ts'
import { shownLine } from '../../terminal/shown-text.ts'
import { formatConfidence, plural } from '../amounts.ts'
import type { Estimate, Remaining } from '../bisection-update.ts'
import { estimateText } from '../estimate-text.ts'
import { citation, endsOf, hasCommits, nameOf, outcomeWords } from '../names.ts'
import { spentOn } from '../spent.ts'
import { verdictOf } from '../verdict.ts'

/** What is known beside the record. */
export interface BisectionStatus {
  /** Somebody works on it now. */
  readonly isRunning: boolean
  readonly remaining?: Remaining | undefined
  /** What all of it takes. */
  readonly estimate?: Estimate | undefined
}

/** How a bisection stands, in a few lines. */
export function statusText(
  record: BisectionRecord,
  { isRunning, remaining, estimate }: BisectionStatus,
): string {
  const { terms, boards, boardsOut, signature, specs, environmentFile } = record
  const { earlier, later } = endsOf(record)
  const { title, sentence, remark } = verdictOf(record)
  const range = `${plural(record.rangeSize, hasCommits(record) ? 'commit' : 'payload')} from ${nameOf(record, earlier)} (${terms.old}) to ${nameOf(record, later)} (${terms.new})`
  const state = isRunning
    ? 'It is being worked on'
    : `${title}: ${sentence}${remark === undefined ? '' : `. ${remark}`}`
  const rows: readonly (readonly [string, string])[] = [
    ['bisection', `${record.id}, begun ${formatSecond(record.startedAt)}`],
    ['range', range],
    ...limitsOf(record.source).map((limit) => ['only', limit] as const),
    ['of', `${specs.join(', ')} with ${environmentFile}`],
    ...(signature === undefined ? [] : [['failure', describeFailure(signature)] as const]),
    ['state', state],
    ...(record.conclusion !== undefined
      ? []
      : remaining !== undefined
        ? [['left', leftOf(record, remaining)] as const]
        : estimate !== undefined
          ? [['estimate', estimateText(estimate)] as const]
          : []),
    ['spent', spentOn(record)],
    ...boards.map((board) => [`board ${board}`, boardState(record, board, boardsOut[board])] as const),
  ]
  return rows.map(([name, text]) => `${shownLine(name)}: ${shownLine(text)}\n`).join('')
}

/** What was left out of the range from the first. */
function limitsOf(source: BisectionSource): readonly string[] {
  if (source.kind === 'payloads') return []
  const { paths, firstParent, skipped } = source
  return [
    ...(paths.length === 0 ? [] : [`commits that touch ${paths.join(', ')}`]),
    ...(firstParent ? ['merges, each for all that it brought'] : []),
    ...(skipped.length === 0 ? [] : [`what is not among ${plural(skipped.length, 'commit')} to be skipped`]),
  ]
}

function leftOf(record: BisectionRecord, { commits, likeliest, probability }: Remaining): string {
  const many = plural(Math.max(1, Math.min(record.rangeSize, commits)), 'commit')
  return `${many}, most likely ${citation(record, likeliest)}, ${formatConfidence(probability)}`
}

/** `12 runs: 5 pass, 6 fail, 1 infrastructure` */
function boardState({ probes }: BisectionRecord, board: string, out: string | undefined): string {
  const own = probes.filter((probe) => probe.board === board)
  const counts = (Object.keys(outcomeWords) as readonly ProbeOutcome[]).flatMap((outcome) => {
    const count = own.filter((probe) => probe.outcome === outcome).length
    return count === 0 ? [] : [`${count} ${outcomeWords[outcome]}`]
  })
  const runs = `${plural(own.length, 'run')}${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`
  return out === undefined ? runs : `${runs}; taken out: ${out}`
}
