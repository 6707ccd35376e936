import type { BisectionRecord } from '../../../core/bisection-record.ts'
import { isOfLinux } from '../names.ts'
import { verdictOf } from '../verdict.ts'
import { checkLines, commandLines, excerptLines, parameterLines, summaryLines } from './mail-parts.ts'
import { resultLines, trackerLines } from './mail-result.ts'
import { asciiLine, framed, quotedBlock, quotedLine, wrapped } from './plain-mail.ts'

/** What a mail needs beside the record. */
export interface MailMaterial {
  /** `git bisect log`, replayable. */
  readonly log?: string
  /** What the console shows where it fails, line by line. */
  readonly excerpt?: readonly string[]
  /** The commit that was found, as `git show` shows it. */
  readonly commit?: string
  /** Whom `get_maintainer.pl` names, an address each. */
  readonly recipients?: readonly string[]
}

/**
 * A mail in the form that kernel developers know from KernelCI and regzbot, for a person to read, to complete and to send;
 * above the scissors stands what is for this person only. Its own words and those of boards are ASCII, at most 75 columns
 * wide; what it quotes from git is as git has it, and lines that tools read are not broken.
 *
 * @returns undefined where there is nothing to tell anybody: no commit is suspected
 */
export function bisectionMail(record: BisectionRecord, material: MailMaterial = {}): string | undefined {
  const { kind } = record.conclusion ?? {}
  if (kind !== 'found' && kind !== 'narrowed') return undefined
  const commit = kind === 'found' ? material.commit : undefined
  const paragraphs = [
    banner(record),
    summaryLines(record),
    ...resultLines(record),
    trackerLines(record),
    excerptLines(material.excerpt ?? []),
    checkLines(record),
    parameterLines(record),
    commandLines(record),
    quotedBlock(verdictOf(record).isCertain ? 'Commit found:' : 'Most likely commit:', commit),
    quotedBlock('Git bisection log:', material.log),
  ]
  return [
    ...notes(record, material.recipients ?? []),
    scissors,
    `Subject: ${subjectOf(record)}`,
    ...paragraphs.filter((lines) => lines.length > 0).flatMap((lines) => ['', ...lines]),
    '',
  ].join('\n')
}

/** As `git am --scissors` knows it. */
const scissors = '-- >8 --'

function notes(record: BisectionRecord, recipients: readonly string[]): readonly string[] {
  const warning =
    'No commit is proven to be the one: the mail says so, and must not be shortened to a verdict.'
  const list = 'The report of a regression of Linux goes to regressions@lists.linux.dev as well.'
  return [
    ...wrapped('hil sends this to nobody. Read it, and send what stands below the scissors if it is right.'),
    ...(verdictOf(record).isCertain ? [] : ['', ...wrapped(warning)]),
    ...(recipients.length === 0
      ? []
      : ['', 'Suggested recipients:', ...recipients.map((address) => `  ${quotedLine(address)}`)]),
    ...(isRegressionOfLinux(record) ? ['', ...wrapped(list)] : []),
  ]
}

/** `[REGRESSION] linux/master bisection: boots on rock3a` */
function subjectOf(record: BisectionRecord): string {
  const { change, boards, specs, signature, source, conclusion } = record
  const tree =
    source.kind === 'payloads'
      ? source.from
      : [source.remote ?? source.repository, source.branch ?? []].flat().map(lastPart).join('/')
  const doubt =
    conclusion?.kind === 'narrowed'
      ? ', several candidates'
      : verdictOf(record).isCertain
        ? ''
        : ', not certain'
  const what = signature?.kind === 'test' ? signature.test : specs.join(', ')
  const tag = isRegressionOfLinux(record) ? '[REGRESSION] ' : ''
  return asciiLine(
    `${tag}${tree} ${change === 'fix' ? 'fix ' : ''}bisection${doubt}: ${what} on ${boards.join(', ')}`,
  )
}

function isRegressionOfLinux(record: BisectionRecord): boolean {
  return record.change === 'regression' && isOfLinux(record)
}

function lastPart(path: string): string {
  return (
    path
      .replace(/\/+$/, '')
      .replace(/\.git$/, '')
      .split('/')
      .at(-1) ?? path
  )
}

/** In a frame, as people know these mails. */
function banner({ reporter, change }: BisectionRecord): readonly string[] {
  const text =
    'This is the report of a bisection that ran by itself. You get it because you may know the commits that it is about. ' +
    'Nobody has looked into it by hand yet, and the cause may be somewhere else.'
  if (reporter === undefined || change === 'fix') return framed([text])
  const ask = 'If you send a fix for it, please include this trailer:'
  return framed([text, ask], [`  Reported-by: ${quotedLine(reporter.name)} <${quotedLine(reporter.email)}>`])
}
