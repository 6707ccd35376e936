import type {
  BisectionCheck,
  BisectionConclusion,
  BisectionRecord,
  CommitDescription,
} from '../../core/bisection-record.ts'
import { isUntestable, resultsOf, revertId } from '../../bisect/search/bisection.ts'
import type { Conclusion } from '../../bisect/search/decide.ts'
import { resultsFrom } from '../../bisect/search/results.ts'
import { nameOf as shownName } from '../../report/bisect/names.ts'

/** What a conclusion means, in words, with what was checked. */
export function explainConclusion(conclusion: Conclusion, record: BisectionRecord): BisectionConclusion {
  const name = (commit: string) => nameOf(record.commits[commit], commit)
  const { terms, change } = record
  switch (conclusion.kind) {
    case 'found': {
      const { commit, confidence, isSure } = conclusion
      const verb =
        change === 'regression' ? `is the first ${terms.new} commit` : 'is the commit that fixed it'
      const doubt = isSure ? '' : `, but only as likely as ${percent(confidence)}`
      return {
        ...{
          kind: 'found',
          summary: `${name(commit)} ${verb}${doubt}`,
          commits: [commit],
          confidence,
          isSure,
        },
        checks: checksOf(commit, record),
      }
    }
    case 'narrowed': {
      const { commits, confidence } = conclusion
      return {
        kind: 'narrowed',
        summary: `it is one of ${commits.length} commits, which runs can't tell apart: ${whyNotTold(record, name)}`,
        ...{ commits, confidence, checks: [] },
      }
    }
    case 'failing-end-passes':
      if (conclusion.commit !== record.ends.failing) {
        return endConclusion(
          conclusion,
          `the history of the ${terms.new} end leaves that of the ${terms.old} one at ${name(conclusion.commit)}, which passed ${conclusion.runs} times: the bug was not yet introduced there, so nothing on the way to the ${terms.new} end has fixed it`,
        )
      }
      return endConclusion(
        conclusion,
        `${name(conclusion.commit)} should fail, but passed ${conclusion.runs} times: there is nothing to look for; if it fails more rarely, allow more runs with --patience`,
      )
    case 'passing-end-fails':
      return endConclusion(
        conclusion,
        `${name(conclusion.commit)} should pass, but fails in the same way: the change is not between these two; go farther back, or forward`,
      )
    case 'end-untestable':
      return endConclusion(
        conclusion,
        `${name(conclusion.commit)} can't be tested (${whyUntestable(record, conclusion.commit)}), and an end of the range has to be`,
      )
    case 'contradiction':
      return {
        kind: 'contradiction',
        summary:
          'no commit explains all results: something that is not in the commits decides whether it fails, such as the board, the temperature or the network',
        ...{ commits: [], checks: [] },
      }
  }
}

/** Commits of a branch that began without the bug pass, whether the fix is among them or not. */
function whyNotTold({ probes }: BisectionRecord, name: (commit: string) => string): string {
  const failed = new Set(probes.filter(({ outcome }) => outcome === 'fail').map(({ commit }) => commit))
  const origin = probes.findLast(({ purpose, outcome }) => purpose === 'origin' && outcome === 'pass')?.commit
  return origin === undefined || failed.has(origin)
    ? "what lies between them can't be tested"
    : `some are on a branch that began at ${name(origin)}, where the bug was not yet introduced`
}

function endConclusion(
  { kind, commit }: Extract<Conclusion, { commit: string }>,
  summary: string,
): BisectionConclusion {
  return { kind, summary, commits: [commit], checks: [] }
}

/** `1f2e3d4c5b6a ("net: break it")` */
function nameOf(description: CommitDescription | undefined, id: string): string {
  if (description === undefined) return id
  const { shortId, subject } = description
  return subject === '' || subject === shortId ? shortId : `${shortId} ("${subject}")`
}

function percent(probability: number): string {
  return `${(probability * 100).toFixed(1)}%`
}

function whyUntestable(record: BisectionRecord, commit: string): string {
  const { obstacle, otherFailures } = resultsOf(resultsFrom(record), commit)
  if (obstacle !== undefined) return obstacle
  const last = record.probes.findLast((probe) => probe.commit === commit && probe.outcome === 'other')
  return `${otherFailures} runs failed in another way: ${last?.why ?? ''}`
}

function checksOf(culprit: string, record: BisectionRecord): readonly BisectionCheck[] {
  const results = resultsFrom(record)
  const isFix = record.change === 'fix'
  const itself = resultsOf(results, culprit)
  const parents = record.commits[culprit]?.parents ?? []
  const name = (commit: string) => record.commits[commit]?.shortId ?? commit
  return [
    {
      name: `the commit ${isFix ? 'passes' : 'fails'}`,
      result: (isFix ? itself.passes : itself.failures) > 0 ? 'passed' : 'not done',
      detail: isUntestable(itself)
        ? "it can't be tested itself; its parents and its children can"
        : `it ${saidOf(itself)}`,
    },
    ...parents.map((parent): BisectionCheck => {
      const found = resultsOf(results, parent)
      return {
        name: `parent ${name(parent)} ${isFix ? 'fails' : 'passes'}`,
        result: (isFix ? found.failures : found.passes) > 0 ? 'passed' : 'not done',
        detail: isUntestable(found)
          ? `it can't be tested: ${whyUntestable(record, parent)}`
          : `it ${saidOf(found)}`,
      }
    }),
    ...(isFix ? [] : [kernelCheck(culprit, parents, record), revertCheck(culprit, record)]),
  ]
}

function saidOf({ failures, passes }: { readonly failures: number; readonly passes: number }): string {
  const runs = (count: number) => `${count} ${count === 1 ? 'run' : 'runs'}`
  if (failures === 0) return `passed in ${runs(passes)}`
  if (passes === 0) return `failed in ${runs(failures)}`
  return `failed in ${failures} and passed in ${passes} of ${runs(failures + passes)}`
}

/** A commit that changes nothing in the kernel can't have broken it. */
function kernelCheck(
  culprit: string,
  parents: readonly string[],
  { builds }: BisectionRecord,
): BisectionCheck {
  const identity = (commit: string) =>
    builds.find((build) => build.commit === commit && build.identity)?.identity
  const own = identity(culprit)
  const known = parents.flatMap((parent) => identity(parent) ?? [])
  const name = 'changes the kernel'
  if (own === undefined || known.length === 0)
    return { name, result: 'not done', detail: 'not both were built' }
  const isSame = known.includes(own)
  return isSame
    ? { name, result: 'failed', detail: 'its kernel is the same, byte for byte, as that of its parent' }
    : {
        name,
        result: 'passed',
        detail: `its kernel (${own.slice(0, 12)}) is not that of its parent (${known.map((each) => each.slice(0, 12)).join(', ')})`,
      }
}

function revertCheck(culprit: string, record: BisectionRecord): BisectionCheck {
  const head = record.ends.failing
  const found = resultsOf(resultsFrom(record), revertId(culprit, head))
  const name = `passes without it, on top of ${shownName(record, head)}`
  if (found.obstacle !== undefined) return { name, result: 'not done', detail: found.obstacle }
  if (found.failures > 0) {
    return {
      name,
      result: 'failed',
      detail: 'it fails without it too: perhaps something else breaks it as well',
    }
  }
  if (found.passes === 0) {
    const detail = record.source.kind === 'payloads' ? 'nothing is built here' : 'it was not run'
    return { name, result: 'not done', detail }
  }
  return { name, result: 'passed', detail: `it ${saidOf(found)}` }
}
