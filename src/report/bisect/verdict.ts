import type { BisectionRecord } from '../../core/bisection-record.ts'
import { formatConfidence, formatErrorRate, listed, plural } from './amounts.ts'
import { citation, hasCommits, rangeOf } from './names.ts'

/** What a bisection came to, in one look. */
export interface BisectionVerdict {
  /** Whether a commit is named, and nothing speaks against it. */
  readonly isCertain: boolean
  readonly tone: 'good' | 'bad' | 'amiss' | 'doubtful' | 'neutral'
  /** Two or three words. */
  readonly title: string
  /** One sentence, without its full stop. */
  readonly sentence: string
  /** How sure it is, or what to do; a sentence, where there is something to say. */
  readonly remark?: string
}

export function verdictOf(record: BisectionRecord): BisectionVerdict {
  const { conclusion, stopped } = record
  if (conclusion === undefined) return unfinished(record, stopped)
  const { kind, summary } = conclusion
  switch (kind) {
    case 'found':
      return found(record)
    case 'narrowed':
      return narrowed(record)
    case 'failing-end-passes':
    case 'passing-end-fails':
    case 'end-untestable':
      return {
        isCertain: false,
        tone: 'amiss',
        title: kind === 'end-untestable' ? "An end can't be tested" : 'Nothing to bisect',
        sentence: summary,
        remark:
          'No commit is named: both ends have to do what they are expected to before a search says anything',
      }
    case 'contradiction':
      return {
        isCertain: false,
        tone: 'amiss',
        title: 'Runs contradict each other',
        sentence: summary,
        remark:
          'No commit is named: something decides that is not in the commits, as a board, its power or its network',
      }
  }
}

/** What was found must hold against all that was looked at. */
function found(record: BisectionRecord): BisectionVerdict {
  const { commits: [commit = ''] = [], confidence = 0, isSure, checks = [] } = record.conclusion ?? {}
  const change = record.change === 'fix' ? 'fix' : 'culprit'
  const failed = checks.filter(({ result }) => result === 'failed')
  const wanted = formatConfidence(record.confidenceWanted)
  if (isSure !== true) {
    return {
      isCertain: false,
      tone: 'doubtful',
      title: 'Not sure',
      sentence: `The most likely ${change} is ${citation(record, commit)}`,
      remark: `It is ${formatConfidence(confidence)} likely to be this one, and ${wanted} were asked for: take it as a suspicion`,
    }
  }
  const sure = capitalised(
    `${formatConfidence(confidence)} sure: wrong ${formatErrorRate(confidence)} such bisections`,
  )
  const what = hasCommits(record) ? change : `first ${change === 'fix' ? 'fixed' : 'failing'} payload`
  if (failed.length > 0) {
    return {
      isCertain: false,
      tone: 'doubtful',
      title: 'Found, with doubts',
      sentence: `The search ends at ${citation(record, commit)}, but not every check agrees`,
      remark: `By the runs it is ${formatConfidence(confidence)} likely; what does not agree: ${listed(failed.map(({ name }) => name))}`,
    }
  }
  return {
    isCertain: true,
    tone: record.change === 'fix' ? 'good' : 'bad',
    title: `${capitalised(change)} found`,
    sentence: `The ${what} is ${citation(record, commit)}`,
    remark: sure,
  }
}

function narrowed(record: BisectionRecord): BisectionVerdict {
  const { commits = [], confidence = 0, summary = '' } = record.conclusion ?? {}
  return {
    isCertain: false,
    tone: 'doubtful',
    title: `Narrowed to ${plural(commits.length, hasCommits(record) ? 'commit' : 'payload')}`,
    sentence: capitalised(summary),
    remark: `It is one of these, ${formatConfidence(confidence)} sure; which one is not known`,
  }
}

function unfinished(record: BisectionRecord, stopped: string | undefined): BisectionVerdict {
  const runs = plural(record.probes.length, 'run')
  return {
    isCertain: false,
    tone: 'neutral',
    title: stopped === undefined ? 'Not finished' : 'Stopped',
    sentence:
      stopped === undefined ? `${runs} of kernels from ${rangeOf(record)} so far` : capitalised(stopped),
    remark: 'No commit is named; "hil bisect resume" goes on where it ended',
  }
}

export function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
