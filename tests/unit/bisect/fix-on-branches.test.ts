import assert from 'node:assert/strict'
import {
  resultsOf,
  toBisection,
  type BisectionPlan,
  type Results,
} from '../../../src/bisect/search/bisection.ts'
import { CommitGraph, type CommitNode } from '../../../src/bisect/search/commit-graph.ts'
import { decide, type Conclusion } from '../../../src/bisect/search/decide.ts'
import type { Probe } from '../../../src/bisect/search/probe.ts'
import { seededRandom } from '../../../src/history/statistics/random.ts'
import { goodEnd, syntheticHistory } from '../../support/bisect/synthetic-history.ts'

interface Bisected {
  readonly conclusion: Conclusion
  readonly probes: readonly Probe[]
}

/** Looks for a fix between two commits of a history. @param isBroken what a run of a commit shows */
function bisectFix(
  history: readonly CommitNode[],
  { broken, fixed }: { readonly broken: string; readonly fixed: string },
  isBroken: (commit: string) => boolean,
): Bisected {
  const bisection = toBisection(planOf(history, broken, fixed))
  let results: Results = new Map()
  const probes: Probe[] = []
  for (;;) {
    const decision = decide(bisection, results, { running: [], boards: 1 })
    if (decision.kind === 'concluded') return { conclusion: decision.conclusion, probes }
    const [probe] = decision.probes
    assert.ok(probe !== undefined && probes.length < 1000, 'nothing to run, and no conclusion')
    probes.push(probe)
    const before = resultsOf(results, probe.commit)
    const what = isBroken(probe.commit) ? 'failures' : 'passes'
    results = new Map(results).set(probe.commit, { ...before, [what]: before[what] + 1 })
  }
}

/** What git tells of the commits between both, thought out by their numbers: later ones are newer. */
function planOf(history: readonly CommitNode[], broken: string, fixed: string): BisectionPlan {
  const graph = new CommitGraph(history)
  const maskOf = (id: string) => graph.ancestorsOf(graph.indexOf(id) ?? 0)
  const [behind, within] = [maskOf(broken), maskOf(fixed)]
  const inRange = (id: string) => {
    const index = graph.indexOf(id)
    return index !== undefined && within[index] === 1 && behind[index] === 0
  }
  const commits = history.filter(({ id }) => inRange(id))
  const origins: Record<string, string> = {}
  for (const { id, parents } of commits) {
    if (maskOf(id)[graph.indexOf(broken) ?? 0] === 1) continue
    const found = parents.map((parent) => (inRange(parent) ? (origins[parent] ?? goodEnd) : parent))
    origins[id] = found.toSorted((a, b) => (graph.indexOf(b) ?? -1) - (graph.indexOf(a) ?? -1))[0] ?? goodEnd
  }
  return {
    ...{ change: 'fix', range: { commits, excluded: [], origins }, earlierEnds: [broken] },
    ...{ failingEnd: broken, passingEnds: [fixed], confidence: 0.99, checks: 3, patience: 10, revert: true },
  }
}

/** `a b c: d e` is a commit c, and what it was made on. */
function historyOf(...commits: readonly string[]): readonly CommitNode[] {
  return commits.map((text) => {
    const [id = '', parents = ''] = text.split(': ')
    return { id, parents: parents === '' ? [goodEnd] : parents.split(' ') }
  })
}

/** A branch that began at `old`, before the bug came with `bug`, and was merged after `broken`. */
const branched = historyOf(
  ...['old', 'bug: old', 'broken: bug', 'main: broken', 's1: old', 's2: s1', 's3: s2'],
  ...['merge: main s3', 'after: merge'],
)

describe('The search for a fix where branches began without the bug', () => {
  it('names a commit of the main line, whatever passes on the branch', () => {
    const { conclusion } = bisectFix(branched, { broken: 'broken', fixed: 'after' }, (commit) =>
      ['bug', 'broken', 'main', 'merge'].includes(commit),
    )
    assert.equal(conclusion.kind === 'found' && conclusion.commit, 'after')
  })

  it('does not take a commit of the branch for the fix that passes because the bug was not yet introduced', () => {
    const { conclusion, probes } = bisectFix(branched, { broken: 'broken', fixed: 'after' }, (commit) =>
      ['bug', 'broken', 'main'].includes(commit),
    )
    assert.deepEqual(conclusion.kind === 'narrowed' && conclusion.commits, ['s1', 's2', 's3', 'merge'])
    assert.ok(probes.some(({ commit, purpose }) => commit === 'old' && purpose === 'origin'))
    assert.ok(probes.every(({ commit }) => !commit.startsWith('s')))
  })

  it('names a commit of the branch where the bug was there when it began', () => {
    const { conclusion } = bisectFix(branched, { broken: 'broken', fixed: 'after' }, (commit) =>
      ['old', 'bug', 'broken', 'main', 's1'].includes(commit),
    )
    assert.equal(conclusion.kind === 'found' && conclusion.commit, 's2')
  })

  it('says that there is nothing to find where the bug is only on the way to the broken end', () => {
    const parted = historyOf('old', 'bug: old', 'broken: bug', 'm1: old', 'm2: m1', 'm3: m2')
    const { conclusion } = bisectFix(parted, { broken: 'broken', fixed: 'm3' }, (commit) =>
      ['bug', 'broken'].includes(commit),
    )
    assert.deepEqual(conclusion, { kind: 'failing-end-passes', commit: 'old', runs: 1 })
  })

  it('is never wrong, wherever bug and fix are in a history with merges', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const history = syntheticHistory({ size: 60, merges: 0.4, seed })
      const graph = new CommitGraph(history)
      const random = seededRandom(seed)
      const pick = (ids: readonly string[]) => ids[Math.floor(random() * ids.length)] ?? ''
      const contains = (commit: string, other: string) =>
        graph.ancestorsOf(graph.indexOf(commit) ?? 0)[graph.indexOf(other) ?? 0] === 1
      const bug = pick(graph.ids.slice(0, 20))
      const broken = pick(graph.ids.slice(20, 40).filter((id) => contains(id, bug)))
      const fix = pick(
        graph.ids.slice(0, -1).filter((id) => broken !== '' && !contains(broken, id) && id !== bug),
      )
      if (broken === '' || fix === '' || contains(bug, fix)) continue
      const fixed = graph.idOf(graph.size - 1)
      const { conclusion } = bisectFix(
        history,
        { broken, fixed },
        (commit) => commit !== goodEnd && contains(commit, bug) && !contains(commit, fix),
      )
      const named =
        conclusion.kind === 'found'
          ? [conclusion.commit]
          : conclusion.kind === 'narrowed'
            ? conclusion.commits
            : []
      assert.ok(named.includes(fix), `seed ${seed}: ${JSON.stringify(conclusion)}, and it was ${fix}`)
    }
  })
})
