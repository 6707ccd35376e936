import { isRevert } from '../../../bisect/search/bisection.ts'
import type { BisectionRecord, BisectionSource } from '../../../core/bisection-record.ts'

/** Whether a commit has another one among its ancestors, or is that one. */
export type Contains = (commit: string, ancestor: string) => boolean

/**
 * A bisection as `git bisect log` prints it, which `git bisect replay` takes: git is then where hil is, and can go on by
 * itself.
 *
 * Git knows no luck. A commit that passed although it has one that failed, or the culprit, is left out, with a
 * comment that says so.
 *
 * @returns undefined for a bisection of ready payloads, of which git knows nothing
 */
export function bisectLog(record: BisectionRecord, contains: Contains): string | undefined {
  const { source } = record
  if (source.kind === 'payloads') return undefined
  const marks = marksOf(record, source, contains)
  return [
    startLine(record, source),
    ...marks.flatMap((mark) => linesOf(record, mark)),
    ...conclusionLines(record),
  ]
    .map((line) => `${line}\n`)
    .join('')
}

interface Mark {
  readonly commit: string
  /** One of the two terms, or `skip`. */
  readonly term: string
  /** Why git is not told. */
  readonly untold?: string
}

type GitSource = Exclude<BisectionSource, { readonly kind: 'payloads' }>

function startLine({ terms }: BisectionRecord, { firstParent, paths }: GitSource): string {
  const isUsual = terms.old === 'good' && terms.new === 'bad'
  const words = [
    ...(isUsual ? [] : [`--term-old=${terms.old}`, `--term-new=${terms.new}`]),
    ...(firstParent ? ['--first-parent'] : []),
    ...(paths.length > 0 ? ['--', ...paths] : []),
  ]
  return ['git bisect start', ...words.map(quote)].join(' ')
}

/** As git itself quotes words for a shell. */
function quote(word: string): string {
  return `'${word.replaceAll(/['!]/g, (sign) => `'\\${sign}'`)}'`
}

/** In the order in which they became known, each commit once. */
function marksOf(record: BisectionRecord, source: GitSource, contains: Contains): readonly Mark[] {
  const { ends, change, terms, probes, builds, conclusion } = record
  const [passing, failing] = change === 'regression' ? [terms.old, terms.new] : [terms.new, terms.old]
  const marks = new Map<string, Mark>()
  const mark = (commit: string, term: string, untold?: string) => {
    if (isRevert(commit) || marks.has(commit)) return
    marks.set(commit, { commit, term, ...(untold !== undefined && { untold }) })
  }
  mark(ends.failing, failing)
  for (const commit of ends.passing) mark(commit, passing)
  for (const commit of source.skipped) mark(commit, 'skip')

  const failed = [
    ends.failing,
    ...probes.flatMap(({ commit, outcome }) => (outcome === 'fail' ? [commit] : [])),
  ]
  const culprit = conclusion?.kind === 'found' ? conclusion.commits[0] : undefined
  const hasFailure = (commit: string) =>
    change === 'regression'
      ? [...failed, culprit].some((other) => other !== undefined && contains(commit, other))
      : failed.some((other) => contains(other, commit)) ||
        (culprit !== undefined && !contains(commit, culprit))
  for (const { commit, outcome } of probes) {
    if (outcome === 'fail') mark(commit, failing)
    else if (outcome === 'pass' && !failed.includes(commit)) {
      mark(commit, passing, hasFailure(commit) ? 'it passed, by luck: it has what fails' : undefined)
    }
  }
  for (const { commit, outcome } of probes)
    if (outcome === 'other' || outcome === 'untestable') mark(commit, 'skip')
  for (const { commit, obstacle } of builds) if (obstacle !== undefined) mark(commit, 'skip')
  return [...marks.values()]
}

function linesOf(record: BisectionRecord, { commit, term, untold }: Mark): readonly string[] {
  const named = `${term}: ${described(record, commit)}`
  return untold === undefined
    ? [`# ${named}`, `git bisect ${term} ${commit}`]
    : [`# not told to git: ${named}; ${untold}`]
}

function described({ commits }: BisectionRecord, commit: string): string {
  return `[${commit}] ${commits[commit]?.subject ?? ''}`.trimEnd()
}

function conclusionLines(record: BisectionRecord): readonly string[] {
  const { conclusion, terms } = record
  if (conclusion === undefined) return []
  if (conclusion.kind === 'found') {
    return conclusion.commits.map((commit) => `# first ${terms.new} commit: ${described(record, commit)}`)
  }
  if (conclusion.kind === 'narrowed') {
    return [
      '# only skipped commits left to test',
      ...conclusion.commits.map(
        (commit) => `# possible first ${terms.new} commit: ${described(record, commit)}`,
      ),
    ]
  }
  return [`# ${conclusion.summary}`]
}
