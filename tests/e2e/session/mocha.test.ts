import assert from 'node:assert/strict'
import { FakeBoard, fakeEnvironment } from '../../support/fake-board.ts'
import { runSpecFiles } from '../../support/run-spec-files.ts'

const header = `import assert from 'node:assert/strict'\nimport { useBoard, step } from 'hil'\n`

/** Runs one spec on one fake board. */
function run(source: string, options: Parameters<typeof runSpecFiles>[2] = {}) {
  return runSpecFiles(fakeEnvironment({ one: new FakeBoard() }), { 'a.spec.ts': header + source }, options)
}

describe('what specs can do with mocha', () => {
  it('runs nested suites, tests made in loops, skips and callback style in their order', async () => {
    const { results, outcome } = await run(`
      describe('outer', () => {
        it('first', () => {})
        describe('inner', () => {
          for (const n of [1, 2]) it('made ' + n, async () => {})
          it.skip('left out', () => {})
          it('not written yet')
          it('skips itself', function () { this.skip() })
        })
        describe.skip('all left out', () => { it('x', () => {}) })
        it('last of outer', (done) => { setImmediate(done) })
      })
    `)
    assert.deepEqual(results, [
      'outer first: passed',
      'outer last of outer: passed',
      'outer inner made 1: passed',
      'outer inner made 2: passed',
      'outer inner left out: skipped',
      'outer inner not written yet: skipped',
      'outer inner skips itself: skipped',
      'outer all left out x: skipped',
    ])
    assert.deepEqual(outcome.counts, { passed: 4, failed: 0, skipped: 4, flaky: 0 })
    assert.equal(outcome.verdict, 'passed')
  })

  it('fails a run with one wrong assertion with exit 1 and the line of the spec', async () => {
    const { outcome, of, directory } = await run(`it('adds up', () => {
      assert.equal(1 + 1, 3)
    })`)
    assert.equal(outcome.exitCode, 1)
    assert.equal(outcome.verdict, 'test-failed')
    const [{ error } = { error: undefined }] = of('test-ended')
    assert.equal(error?.expected, '3')
    assert.equal(error?.actual, '2')
    const frames = error?.stack?.split('\n').filter((line) => line.startsWith('    at '))
    assert.match(frames?.[0] ?? '', new RegExp(`${directory}/a.spec.ts:4:14`))
    assert.equal(frames?.length, 1, error?.stack)
  })

  it('runs only the tests that --grep matches', async () => {
    const { results, of } = await run(
      `
      describe('a', () => { it('one', () => {}); it('two', () => {}) })
      describe('b', () => { it('one', () => {}) })
    `,
      { grep: 'a t|b' },
    )
    assert.deepEqual(results, ['a two: passed', 'b one: passed'])
    assert.equal(of('spec-loaded')[0]?.tests.length, 2)
  })

  it('calls a test that fails and then passes flaky', async () => {
    const spec = `let n = 0
      it('second time lucky', () => { assert.equal(++n, 2) })
      it('good', () => {})`
    const { results, outcome, of } = await run(spec, { retries: 2 })
    assert.deepEqual(results, [
      'second time lucky: failed',
      'second time lucky: passed (flaky)',
      'good: passed',
    ])
    assert.deepEqual(
      of('test-ended').map(({ attempt, willRetry }) => [attempt, willRetry]),
      [
        [1, true],
        [2, false],
        [1, false],
      ],
    )
    assert.deepEqual(outcome, {
      verdict: 'flaky',
      exitCode: 0,
      counts: { passed: 1, failed: 0, skipped: 0, flaky: 1 },
    })
    assert.equal((await run(spec, { retries: 2, failOnFlaky: true })).outcome.exitCode, 1)
  })

  it('tries a test again whose beforeEach hook failed', async () => {
    const { results } = await run(
      `let n = 0
      describe('s', () => {
        beforeEach(() => { assert.equal(++n > 1, true) })
        it('a', () => {})
        it('b', () => {})
      })`,
      { retries: 1 },
    )
    assert.deepEqual(results, ['s a: failed', 's a: passed (flaky)', 's b: passed'])
  })

  it('ends after the first failure with --bail', async () => {
    const { results, outcome } = await run(
      `
      it('a', () => {})
      it('b', () => { throw new Error('no') })
      it('c', () => {})
    `,
      { bail: true },
    )
    assert.deepEqual(results, ['a: passed', 'b: failed (test-failed)'])
    assert.equal(outcome.exitCode, 1)
  })

  it('runs each test several times with --repeat-each, with an id for each', async () => {
    const { results, of } = await run(`it('a', () => {})\nit('b', () => {})`, { repeatEach: 2 })
    assert.deepEqual(results, ['a: passed', 'a: passed', 'b: passed', 'b: passed'])
    assert.equal(new Set(of('test-ended').map(({ id }) => id)).size, 4)
  })

  it('fails a test that takes longer than --timeout, and says what it waited for', async () => {
    const { failures, results, outcome } = await run(
      `
      describe('slow', () => {
        const board = useBoard({ state: 'shell' })
        it('waits for nothing', () => new Promise(() => {}))
        it('waits for the board', () => board.shell.run('hang'))
        it('has a limit of its own', function () { this.timeout(50); return new Promise(() => {}) })
        it('comes after', () => board.shell.runOk('true'))
      })
    `,
      { timeoutMs: 300 },
    )
    assert.deepEqual(results, [
      'slow waits for nothing: failed (test-failed)',
      'slow waits for the board: failed (board-failed)',
      'slow has a limit of its own: failed (test-failed)',
      'slow comes after: passed',
    ])
    assert.match(failures[0] ?? '', /"waits for nothing" took longer than 300 ms/)
    assert.match(failures[1] ?? '', /"hang" did not end/)
    assert.match(failures[2] ?? '', /took longer than 50 ms/)
    assert.equal(outcome.exitCode, 1)
  })

  it('fails every test on its own when a hook before each fails', async () => {
    const { results, failures } = await run(`
      describe('s', () => {
        beforeEach(() => { throw new Error('no luck') })
        it('a', () => {})
        it('b', () => {})
      })
      it('elsewhere', () => {})
    `)
    assert.deepEqual(results, ['elsewhere: passed', 's a: failed (test-failed)', 's b: failed (test-failed)'])
    assert.deepEqual(failures, ['no luck', 'no luck'])
  })

  it('fails a test whose hook after each fails, and goes on', async () => {
    const { results } = await run(`
      describe('s', () => {
        let n = 0
        afterEach(() => { if (++n === 1) throw new Error('no luck') })
        it('a', () => {})
        it('b', () => {})
      })
    `)
    assert.deepEqual(results, ['s a: failed (test-failed)', 's b: passed'])
  })

  it('skips the tests of a suite whose hook before all fails, and says why', async () => {
    const { results, of, outcome } = await run(`
      describe('s', () => {
        before('set up', () => { throw new Error('no luck') })
        it('a', () => {})
        describe('t', () => { it('b', () => {}) })
      })
      it('elsewhere', () => {})
    `)
    assert.deepEqual(results, [
      'elsewhere: passed',
      's "before all" hook: set up: failed (test-failed)',
      's a: skipped',
      's t b: skipped',
    ])
    assert.match(of('test-ended').at(-1)?.reason ?? '', /"before all" hook: set up failed/)
    assert.deepEqual(outcome.counts, { passed: 1, failed: 1, skipped: 2, flaky: 0 })
  })

  it('reports a failing hook after all, once its tests have their results', async () => {
    const { results, outcome } = await run(`
      describe('s', () => {
        after(() => { throw new Error('no luck') })
        it('a', () => {})
      })
    `)
    assert.deepEqual(results, ['s a: passed', 's "after all" hook: failed (test-failed)'])
    assert.equal(outcome.exitCode, 1)
  })

  it('keeps hooks at the top of a file away from other files', async () => {
    const { results } = await runSpecFiles(fakeEnvironment({ one: new FakeBoard() }), {
      'a.spec.ts': `beforeEach(() => { throw new Error('mine') })\nit('a', () => {})`,
      'b.spec.ts': `it('b', () => {})`,
    })
    assert.deepEqual(results, ['a: failed (test-failed)', 'b: passed'])
  })

  it('makes what specs print and the steps they take part of the run', async () => {
    const { of } = await run(`
      console.log('while loading')
      it('talks', async () => {
        console.log('hello')
        await step('outer', async () => {
          console.error('deep')
          await step('inner', () => {})
        })
        await assert.rejects(step('fails', () => { throw new Error('no') }))
      })
    `)
    const outputs = of('spec-output').map(({ stream, text, test }) => [stream, text, test !== undefined])
    assert.deepEqual(outputs, [
      ['stdout', 'while loading\n', false],
      ['stdout', 'hello\n', true],
      ['stderr', 'deep\n', true],
    ])
    const steps = of('step-started')
    assert.deepEqual(
      steps.map(({ title }) => title),
      ['outer', 'inner', 'fails'],
    )
    assert.equal(steps[1]?.parent, steps[0]?.id)
    assert.equal(steps[0]?.test, of('test-started')[0]?.id)
    assert.deepEqual(
      of('step-ended').map(({ error }) => error?.message),
      [undefined, undefined, 'no'],
    )
  })

  it('shows what specs print in pieces and in other encodings as it is', async () => {
    const { of } = await run(`
      it('writes', () => {
        for (const byte of Buffer.from('größer')) process.stdout.write(Uint8Array.of(byte))
        process.stdout.write('0a', 'hex')
      })
    `)
    assert.equal(
      of('spec-output')
        .map(({ text }) => text)
        .join(''),
      'größer\n',
    )
  })

  it('fails the test in which an exception was not caught', async () => {
    const { results, failures } = await run(`
      it('leaves a bomb', async () => {
        setTimeout(() => { throw new Error('boom') }, 5)
        await new Promise((resolve) => setTimeout(resolve, 200))
      })
      it('comes after', () => {})
    `)
    assert.deepEqual(results, ['leaves a bomb: failed (test-failed)', 'comes after: passed'])
    assert.deepEqual(failures, ['boom'])
  })
})
