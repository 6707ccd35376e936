import type { BisectionRecord } from '../../../core/bisection-record.ts'
import { formatConfidence, plural } from '../amounts.ts'
import { citation, endsOf, hasCommits, isOfLinux, nameOf, rangeOf, shortName } from '../names.ts'
import { verdictOf } from '../verdict.ts'
import { asciiLine, quotedLine, wrapped } from './plain-mail.ts'

/** So many candidates are named. */
const mostNamed = 20

/** What was found, or that it was not, in paragraphs: nothing in them reads like a verdict that is none. */
export function resultLines(record: BisectionRecord): readonly (readonly string[])[] {
  const { conclusion, change } = record
  const [commit = '', ...others] = conclusion?.commits ?? []
  if (others.length > 0) return [candidates(record)]
  const { isCertain, sentence, remark } = verdictOf(record)
  if (!isCertain)
    return [wrapped(asciiLine(`This is no verdict. ${sentence}.`)), wrapped(asciiLine(`${remark ?? ''}.`))]
  if (change === 'fix') return [['Fixed by:', '', `  ${quotedLine(citation(record, commit))}`]]
  if (!hasCommits(record)) return []
  return [['A fix for it can refer to it as:', '', `  ${fixesLine(record, commit)}`]]
}

/** As `Documentation/process/submitting-patches.rst` wants it: 12 characters, and never broken into lines. */
export function fixesLine(record: BisectionRecord, commit: string): string {
  return `Fixes: ${quotedLine(citation(record, commit))}`
}

/** For the kernel's regression tracker, a paragraph of its own as it wants it; a range where no commit is proven. */
export function trackerLines(record: BisectionRecord): readonly string[] {
  if (!isOfLinux(record)) return []
  const line = trackerLine(record)
  if (record.change === 'regression') return [line]
  // In a mail of its own this closes nothing.
  return [
    ...wrapped('Where the regression is tracked, a reply to its report closes it with this line:'),
    '',
    line,
  ]
}

export function trackerLine(record: BisectionRecord): string {
  const { conclusion, change } = record
  const [commit = ''] = conclusion?.commits ?? []
  const what = verdictOf(record).isCertain ? shortName(record, commit) : rangeOf(record)
  return change === 'fix' ? `#regzbot fix: ${what}` : `#regzbot introduced: ${what}`
}

function candidates(record: BisectionRecord): readonly string[] {
  const { commits = [], confidence = 0 } = record.conclusion ?? {}
  const { earlier, later } = endsOf(record)
  const named = commits.slice(0, mostNamed).map((commit) => `  ${quotedLine(citation(record, commit))}`)
  const left = commits.length - named.length
  const text =
    `This is no verdict. One of these ${plural(commits.length, 'commit')} between ${nameOf(record, earlier)} and ` +
    `${nameOf(record, later)} is the one (${formatConfidence(confidence)}); which one is not known, because commits that ` +
    `would tell them apart can't be tested:`
  return [...wrapped(asciiLine(text)), '', ...named, ...(left > 0 ? [`  and ${plural(left, 'other')}`] : [])]
}
