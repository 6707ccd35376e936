import assert from 'node:assert/strict'
import type { ProbeOutcome } from '../../../../src/core/bisection-record.ts'
import { FakeBench, line } from '../../../support/bisect/fake-bench.ts'

/** What natural outcomes are, but where the bench fails. */
function from(culprit: number, commit: string): ProbeOutcome {
  return /^c(\d+)$/.test(commit) && Number(commit.slice(1)) >= culprit ? 'fail' : 'pass'
}

describe('A bisection on a bench', () => {
  it('finds the culprit, checks it, and keeps what it knows after each step', async () => {
    const bench = new FakeBench({ commits: line(50), culprit: 'c17' })
    const record = await bench.run()
    assert.equal(record.conclusion?.kind, 'found')
    assert.deepEqual(record.conclusion.commits, ['c17'])
    assert.ok((record.conclusion.confidence ?? 0) >= 0.99)
    assert.deepEqual(
      record.conclusion.checks.map(({ result }) => result),
      ['passed', 'passed', 'passed', 'passed'],
    )
    assert.deepEqual(record.probes, bench.probes)
    assert.deepEqual(bench.saved.at(-1), record)
    assert.equal(bench.saved.length, record.probes.length + record.builds.length + 1)
    assert.deepEqual(record.signature, { kind: 'test', test: 't', message: 'm' })
  })

  it('builds one kernel at a time, what comes next while boards are busy, and nothing twice', async () => {
    const bench = new FakeBench({ commits: line(50), culprit: 'c17' })
    const record = await bench.run()
    assert.equal(bench.together.builds, 1)
    assert.equal(new Set(bench.builds).size, bench.builds.length)
    const run = new Set(record.probes.map(({ commit }) => commit))
    assert.ok(
      bench.builds.some((commit) => !run.has(commit)),
      'nothing was built ahead',
    )
  })

  it('keeps all boards busy', async () => {
    const bench = new FakeBench({ commits: line(200), culprit: 'c117', boards: ['one', 'two', 'three'] })
    const record = await bench.run()
    assert.deepEqual(record.conclusion?.commits, ['c117'])
    assert.equal(bench.together.probes, 3)
    assert.equal(bench.together.saves, 1)
  })

  it('tries again what failed by the fault of the bench, and takes it for no result', async () => {
    let count = 0
    const bench = new FakeBench({
      commits: line(50),
      outcome: ({ commit }) => (count++ % 6 < 2 ? 'infrastructure' : from(17, commit)),
    })
    const record = await bench.run()
    assert.deepEqual(record.conclusion?.commits, ['c17'])
    assert.ok(record.probes.some(({ outcome }) => outcome === 'infrastructure'))
  })

  it('leaves a commit out with which the bench fails, once the board has shown that it is well', async () => {
    const bench = new FakeBench({
      commits: line(50),
      outcome: ({ commit }) => (commit === 'c24' || commit === 'c25' ? 'infrastructure' : from(17, commit)),
    })
    const record = await bench.run()
    assert.deepEqual(record.conclusion?.commits, ['c17'])
    const [commit = '', why = ''] = Object.entries(record.setAside)[0] ?? []
    assert.match(commit, /^c2[45]$/)
    assert.match(why, /3 times in a row, and not with a kernel that has passed: made up/)
    assert.ok(record.probes.some(({ purpose, commit: golden }) => purpose === 'golden' && golden === 'good'))
  })

  it('takes a board out that fails with a good kernel too, and gives its work to others', async () => {
    let runs = 0
    const bench = new FakeBench({
      commits: line(200),
      boards: ['one', 'two'],
      // So many that there is enough to do until it has shown what it is.
      checks: 10,
      outcome: ({ commit, board }) => (board === 'two' && runs++ > 2 ? 'infrastructure' : from(117, commit)),
    })
    const record = await bench.run()
    assert.deepEqual(record.conclusion?.commits, ['c117'])
    assert.match(record.boardsOut['two'] ?? '', /also with a kernel that has passed before/)
  })

  it('stops where no board is left, and goes on from there', async () => {
    let isBroken = false
    const bench = new FakeBench({
      commits: line(50),
      outcome: ({ commit }) => (isBroken ? 'infrastructure' : from(17, commit)),
    })
    bench.onProbe = () => {
      isBroken = bench.probes.length > 6 && bench.probes.length < 20
    }
    const stopped = await bench.run()
    assert.equal(stopped.stopped, 'no board is left that works')
    assert.equal(stopped.conclusion, undefined)
    isBroken = false
    bench.onProbe = () => undefined
    const { length } = stopped.probes
    const record = await bench.run({ ...stopped, boardsOut: {} })
    assert.deepEqual(record.conclusion?.commits, ['c17'])
    assert.equal(record.stopped, undefined)
    assert.deepEqual(record.probes.slice(0, length), stopped.probes)
  })

  it('builds the kernel that shows whether a board is well, where it goes on and has not had that one yet', async () => {
    const first = await new FakeBench({ commits: line(50), culprit: 'c17', budget: { powerCycles: 8 } }).run()
    const again: FakeBench = new FakeBench({
      commits: line(50),
      outcome: ({ commit }) => (again.probes.length < 3 ? 'infrastructure' : from(17, commit)),
    })
    const record = await again.run(first)
    assert.deepEqual(record.conclusion?.commits, ['c17'])
    assert.ok(record.probes.some(({ purpose, outcome }) => purpose === 'golden' && outcome === 'pass'))
    assert.ok(again.builds.includes('good'))
  })

  it('takes a board out where no kernel is left that could show whether it is well', async () => {
    const first = await new FakeBench({ commits: line(50), culprit: 'c17', budget: { powerCycles: 8 } }).run()
    const gone = new FakeBench({
      commits: line(50),
      outcome: () => 'infrastructure',
      obstacle: (commit) =>
        first.probes.some((probe) => probe.commit === commit) ? 'it is gone' : undefined,
    })
    const record = await gone.run({
      ...first,
      builds: first.builds.filter(({ commit }) => commit !== 'good'),
    })
    assert.match(record.boardsOut['one'] ?? '', /no kernel that has passed can be had/)
  })

  it('loses no more than the running probe when it is interrupted, whenever that is', async () => {
    const whole = await new FakeBench({ commits: line(50), culprit: 'c17' }).run()
    for (let after = 1; after < whole.probes.length; after += 3) {
      const bench = new FakeBench({ commits: line(50), culprit: 'c17' })
      bench.onProbe = () => {
        if (bench.probes.length + 1 === after) bench.interrupt.abort('SIGINT')
      }
      const stopped = await bench.run()
      assert.equal(stopped.stopped, 'it was interrupted')
      const again = new FakeBench({ commits: line(50), culprit: 'c17' })
      const record = await again.run(JSON.parse(JSON.stringify(stopped)) as typeof stopped)
      assert.deepEqual(record.conclusion?.commits, ['c17'])
      assert.equal(record.probes.length, whole.probes.length)
    }
  })

  it('stops when its budget is used up', async () => {
    const cycles = await new FakeBench({
      commits: line(50),
      culprit: 'c17',
      budget: { powerCycles: 5 },
    }).run()
    assert.match(cycles.stopped ?? '', /powered 5 times, which is the limit/)
    const builds = await new FakeBench({ commits: line(50), culprit: 'c17', budget: { builds: 3 } }).run()
    assert.match(builds.stopped ?? '', /3 kernels were built/)
  })

  it('has its whole budget again where it goes on', async () => {
    let record = new FakeBench({ commits: line(50) }).emptyRecord()
    let sittings = 0
    while (record.conclusion === undefined && sittings < 20) {
      record = await new FakeBench({ commits: line(50), culprit: 'c17', budget: { powerCycles: 5 } }).run(
        record,
      )
      sittings++
    }
    assert.deepEqual(record.conclusion?.commits, ['c17'])
    assert.equal(sittings, Math.ceil(record.probes.length / 5))
  })

  it('comes to its conclusion where the last run that the budget allows tells it', async () => {
    const whole = await new FakeBench({ commits: line(50), culprit: 'c17' }).run()
    const budget = { powerCycles: whole.probes.length }
    const record = await new FakeBench({ commits: line(50), culprit: 'c17', budget }).run()
    assert.deepEqual(record.conclusion?.commits, ['c17'])
  })

  it('stops when its time is up, whatever hangs then', async () => {
    const hung = new FakeBench({ commits: line(50), budget: { timeMs: 20 }, hangs: () => true })
    assert.equal((await hung.run()).stopped, 'the time of 20 ms is used up')
  })

  it('is no bug of hil when it is interrupted while it thinks', async () => {
    const bench = new FakeBench({ commits: line(50), culprit: 'c17' })
    const stopped = bench.run()
    bench.interrupt.abort('SIGINT')
    assert.equal((await stopped).stopped, 'it was interrupted')
  })

  it('never names a commit whose kernel is that of its parent, but the one that made this kernel', async () => {
    const bench = new FakeBench({
      commits: line(50),
      culprit: 'c17',
      identity: (commit) => (commit === 'c16' || commit === 'c17' ? 'same' : commit),
    })
    const { conclusion } = await bench.run()
    assert.deepEqual(conclusion?.commits, ['c16'])
  })

  it('says of an end that does not build why', async () => {
    const bench = new FakeBench({
      commits: line(50),
      culprit: 'c17',
      obstacle: (commit) => (commit === 'good' ? 'main.c:1: error: no' : undefined),
    })
    const { conclusion } = await bench.run()
    assert.equal(conclusion?.kind, 'end-untestable')
    assert.match(conclusion.summary, /good can't be tested \(main\.c:1: error: no\)/)
  })

  it('says so when the end that should fail passes, and when the other one fails', async () => {
    const passes = await new FakeBench({ commits: line(50), outcome: () => 'pass' }).run()
    assert.match(passes.conclusion?.summary ?? '', /c49 \("Change c49"\) should fail, but passed 10 times/)
    const fails = await new FakeBench({ commits: line(50), outcome: () => 'fail' }).run()
    assert.match(fails.conclusion?.summary ?? '', /good should pass, but fails in the same way/)
  })
})
