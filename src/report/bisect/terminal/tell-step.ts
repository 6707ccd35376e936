import type {
  BisectionRecord,
  BuildRecord,
  ProbeOutcome,
  ProbePurpose,
  ProbeRecord,
} from '../../../core/bisection-record.ts'
import { describeFailure } from '../../failures-of-run.ts'
import { formatElapsed } from '../../format.ts'
import type { Paint } from '../../terminal/paint.ts'
import { shownLine } from '../../terminal/shown-text.ts'
import { formatConfidence, plural, roughTime } from '../amounts.ts'
import type { BisectionUpdate, Estimate, Remaining } from '../bisection-update.ts'
import { estimateText } from '../estimate-text.ts'
import { citation, endsOf, hasCommits, nameOf, outcomeWords, purposeOf, shortName } from '../names.ts'

/** In which colour an outcome is told. */
export const outcomeStyles = {
  pass: 'green',
  fail: 'red',
  other: 'yellow',
  untestable: 'dim',
  infrastructure: 'magenta',
} as const satisfies Record<ProbeOutcome, string>

/** What is said at the start, be it the first or not. */
export function tellStart(record: BisectionRecord, paint: Paint): readonly string[] {
  const { earlier, later } = endsOf(record)
  const { terms, boards, probes, builds, rangeSize, confidenceWanted } = record
  const range = `${plural(rangeSize, hasCommits(record) ? 'commit' : 'payload')} from ${nameOf(record, earlier)} (${terms.old}) to ${nameOf(record, later)} (${terms.new})`
  return [
    line(
      paint,
      'bold',
      'bisect',
      `${range}, on ${boards.join(', ')}, to be ${formatConfidence(confidenceWanted)} sure`,
    ),
    ...(probes.length + builds.length === 0
      ? []
      : [
          line(
            paint,
            'bold',
            'resumed',
            `${plural(probes.length, 'run')} and ${plural(builds.length, 'build')} are known already`,
          ),
        ]),
    ...failureLines(record, paint),
  ]
}

/** A line for each thing that is new, in a form to be searched: what it is, which one, what came of it. */
export function tellNews(
  before: BisectionUpdate,
  { record, running }: BisectionUpdate,
  paint: Paint,
): readonly string[] {
  const known = before.record
  return [
    ...record.builds.slice(known.builds.length).map((build) => buildLine(record, build, paint)),
    ...record.probes.slice(known.probes.length).map((probe) => probeLine(record, probe, paint)),
    ...(known.signature === undefined ? failureLines(record, paint) : []),
    ...newOnes(known.setAside, record.setAside).map(([commit, why]) =>
      line(paint, 'yellow', `commit ${nameOf(record, commit)}`, `set aside: ${why}`),
    ),
    ...newOnes(known.boardsOut, record.boardsOut).map(([board, why]) =>
      line(paint, 'yellow', `board ${board}`, `taken out: ${why}`),
    ),
    ...record.notes.slice(known.notes.length).map((note) => line(paint, 'yellow', 'note', note)),
    ...checkedNow(before, running).map((commit) =>
      line(paint, 'bold', 'check', `${citation(record, commit)} is checked`),
    ),
  ]
}

/** `estimate: 11 rounds if all goes well, 28 runs and 25 builds, about 1 h 20 min` */
export function estimateLine(estimate: Estimate, paint: Paint): string {
  return line(paint, 'cyan', 'estimate', estimateText(estimate))
}

/** `left: 99 commits, 7 rounds, about 12 min` */
export function remainingLine(
  record: BisectionRecord,
  { commits, rounds, ms, likeliest, probability }: Remaining,
  paint: Paint,
): string {
  const times = [
    rounds === undefined || rounds < 1 ? [] : plural(rounds, 'round'),
    ms === undefined || ms < 1 ? [] : roughTime(ms),
  ].flat()
  const best =
    probability < worthNaming
      ? []
      : `most likely ${shortName(record, likeliest)}, ${formatConfidence(probability)}`
  return line(
    paint,
    'cyan',
    'left',
    [plural(Math.max(1, commits), 'commit'), ...times, best].flat().join(', '),
  )
}

/** One of many is not worth a word. */
const worthNaming = 0.2

function failureLines({ signature }: BisectionRecord, paint: Paint): readonly string[] {
  return signature === undefined ? [] : [line(paint, 'bold', 'failure', describeFailure(signature))]
}

function buildLine(record: BisectionRecord, build: BuildRecord, paint: Paint): string {
  const { commit, durationMs, obstacle, notes = [], isCached, log } = build
  const head = `build ${nameOf(record, commit)}`
  if (obstacle !== undefined) {
    const where = log === undefined ? '' : `; log: ${log}`
    return line(
      paint,
      'yellow',
      head,
      `failed after ${formatElapsed(durationMs)}, not testable: ${obstacle}${where}`,
    )
  }
  return line(
    paint,
    'dim',
    head,
    [isCached === true ? 'found in the cache' : `built in ${formatElapsed(durationMs)}`, ...notes].join('; '),
  )
}

function probeLine(record: BisectionRecord, probe: ProbeRecord, paint: Paint): string {
  const { number, commit, purpose, board, outcome, why, durationMs } = probe
  const what = [nameOf(record, commit), board, formatElapsed(durationMs), purposeOf(record, purpose)].join(
    ', ',
  )
  const isUsual =
    outcome === 'pass' || (record.signature !== undefined && why === describeFailure(record.signature))
  const text = `${outcomeWords[outcome]}: ${what}${isUsual ? '' : `: ${why}`}`
  return line(paint, outcomeStyles[outcome], `probe ${number}`, text)
}

function newOnes(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) {
  return Object.entries(after).filter(([name]) => before[name] === undefined)
}

/** Commits whose check begins. */
function checkedNow(before: BisectionUpdate, running: BisectionUpdate['running']): readonly string[] {
  const isCheck = ({ purpose }: { readonly purpose: ProbePurpose }) => purpose === 'culprit'
  const known = [...before.running, ...before.record.probes].filter(isCheck).map(({ commit }) => commit)
  return [...new Set(running.filter(isCheck).map(({ commit }) => commit))].filter(
    (commit) => !known.includes(commit),
  )
}

function line(paint: Paint, style: Parameters<Paint>[0], head: string, text: string): string {
  return `${paint(style, `${shownLine(head)}:`)} ${shownLine(text)}`
}
