import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Limits } from '../../scripts/test/watchdog.mjs'
import { findProcesses } from '../support/processes.ts'

describe('npm test', function () {
  this.timeout(60_000)
  const ample: Limits = { startMs: 50_000, stallMs: 50_000, totalMs: 50_000, partingMs: 20_000 }
  let directory = ''

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-test-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  /** Runs tests as `npm test` does after set-up; the end of all its output is waited for, as CI does. */
  async function runTests(
    sources: string | readonly string[],
    limits: Partial<Limits> = {},
    options: readonly string[] = [],
  ) {
    const lanes = await Promise.all(
      [sources].flat().map(async (source, index) => {
        const file = join(directory, `fixture${index || ''}.test.mjs`)
        await writeFile(file, `import { spawn, spawnSync } from 'node:child_process'\n${source}`)
        return [...options, file]
      }),
    )
    const words = [JSON.stringify(lanes), JSON.stringify({ ...ample, ...limits })]
    const { exitCode, all } = await execa({ all: true, reject: false, env: { NO_COLOR: '1' } })(
      process.execPath,
      [
        '--input-type=module',
        `--eval=import { runTests } from './scripts/test/run-tests.mjs'
        process.exit(await runTests(${words.join(', ')}))`,
      ],
    )
    return { exitCode, output: all, lastLine: all.split('\n').at(-1) }
  }

  /** The time of a `sleep` that no other test has, to find it by. */
  const uniqueSeconds = () => `${1_000_000 + Math.floor(Math.random() * 1_000_000_000)}`

  it('ends with the count', async () => {
    const { exitCode, lastLine } = await runTests(`it('passes', () => {}); it.skip('is skipped', () => {})`)
    assert.equal(exitCode, 0)
    assert.equal(lastLine, '1 passed, 0 failed, 1 skipped')
  })

  it('runs parts side by side, shows them one after the other, and counts them together', async () => {
    const meeting = join(directory, 'meeting')
    const { exitCode, output, lastLine } = await runTests(
      [
        `import { existsSync } from 'node:fs'
      it('waits for the other part', async () => {
        while (!existsSync('${meeting}')) await new Promise((resolve) => setTimeout(resolve, 20))
      }).timeout(0)
      it('is skipped [skipped: as told]')`,
        `import { writeFileSync } from 'node:fs'
      it('is there', () => writeFileSync('${meeting}', ''))
      it('hangs', () => new Promise(() => {})).timeout(0)`,
      ],
      { stallMs: 3000 },
    )
    assert.equal(exitCode, 1)
    assert.match(output, /waits for the other part[^]*is there[^]*Running is "hangs"[^]*^Skipped:/m)
    assert.equal(lastLine, '2 passed, 1 failed, 1 skipped')
  })

  it('tells what passed only when it was tried again, and why it failed at first', async () => {
    const { exitCode, output, lastLine } = await runTests(
      `let tries = 0
      it('is flaky', () => { if (tries++ === 0) throw new Error('too late\\nby far') })
      it('passes', () => {})`,
      {},
      ['--retries=1'],
    )
    assert.equal(exitCode, 0)
    assert.match(output, /^Flaky, that is failed and then passed:\n {2}- is flaky: too late\n\n/m)
    assert.equal(lastLine, '2 passed, 0 failed, 0 skipped')
  })

  it('names a test that hangs and what it waits for, tells the failures so far, and ends all it started', async () => {
    const seconds = uniqueSeconds()
    const { exitCode, output, lastLine } = await runTests(
      `it('passes', () => {})
      it('fails', () => { throw new Error('as it should') })
      it('hangs', async function () {
        spawn('setsid', ['sleep', '${seconds}'], { stdio: 'inherit' })
        await new Promise(() => {})
      }).timeout(0)`,
      { stallMs: 1000 },
    )
    assert.equal(exitCode, 1)
    assert.match(output, /No test ended for 1 s\. Running is "hangs" of \S+fixture\.test\.mjs\.$/m)
    assert.match(output, new RegExp(`^ {2}\\d+: sleep ${seconds}$`, 'm'))
    assert.match(output, new RegExp(`mocha has open:\n[^]*ChildProcess \\d+: setsid sleep ${seconds}`))
    assert.match(output, /^Failed:\n {2}- fails: Error: as it should\n[^]*^ {2}- No test ended for 1 s\./m)
    assert.match(output, /Error: as it should/)
    assert.equal(lastLine, '1 passed, 2 failed, 0 skipped')
    assert.deepEqual(await findProcesses(`sleep ${seconds}`), [])
  })

  it('names a hook that hangs', async () => {
    const { exitCode, output, lastLine } = await runTests(
      `describe('a suite', function () {
        this.timeout(0)
        before(() => new Promise((resolve) => setTimeout(resolve, 1e9)))
        it('never runs', () => {})
      })`,
      { stallMs: 1000 },
    )
    assert.equal(exitCode, 1)
    assert.match(output, /Running is "a suite "before all" hook for "never runs"" of/)
    assert.match(output, /^Programs that run:\n {2}\d+: \S+node .*mocha/m)
    assert.match(output, /mocha has open:\n(?: .*\n)* {2}Timeout\n/)
    assert.equal(lastLine, '0 passed, 1 failed, 0 skipped')
  })

  const blockades = { 'is busy': 'for (;;);', 'waits for a program': `spawnSync('sleep', [SECONDS])` }
  for (const [title, statement] of Object.entries(blockades)) {
    it(`ends a test whose thread ${title}`, async () => {
      const seconds = uniqueSeconds()
      const { exitCode, output, lastLine } = await runTests(
        `it('blocks', () => { ${statement.replace('SECONDS', `'${seconds}'`)} }).timeout(0)`,
        { stallMs: 1000 },
      )
      assert.equal(exitCode, 1)
      assert.match(output, /Running is "blocks"/)
      assert.match(output, /mocha does not say what it has open/)
      assert.equal(lastLine, '0 passed, 1 failed, 0 skipped')
      assert.deepEqual(await findProcesses(`sleep ${seconds}`), [])
    })
  }

  it('ends where a file of tests does not load', async () => {
    const { exitCode, output, lastLine } = await runTests(
      'await new Promise((resolve) => setTimeout(resolve, 1e9))',
      {
        startMs: 3000,
      },
    )
    assert.equal(exitCode, 1)
    assert.match(output, /No test ended for 3 s: mocha is still loading the files\.$/m)
    assert.equal(lastLine, '0 passed, 1 failed, 0 skipped')
  })

  it('ends where all tests together take too long', async () => {
    const { exitCode, output, lastLine } = await runTests(
      `for (let i = 0; i < 1e5; i++) it('takes its time', () => new Promise((resolve) => setTimeout(resolve, 20)))`,
      { totalMs: 4000 },
    )
    assert.equal(exitCode, 1)
    assert.match(output, /The tests did not end within 4 s/)
    assert.match(lastLine ?? '', /^\d+ passed, \d failed, 0 skipped$/)
  })

  it('fails, and ends it, where a test leaves a program running', async () => {
    const seconds = uniqueSeconds()
    const { exitCode, output, lastLine } = await runTests(
      `it('leaves something', () => {
        spawn('sleep', ['${seconds}'], { stdio: 'inherit', detached: true }).unref()
      })`,
      { partingMs: 500 },
    )
    assert.equal(exitCode, 1)
    assert.match(output, new RegExp(`Tests left programs running, .*\n {2}\\d+: sleep ${seconds}`))
    assert.equal(lastLine, '1 passed, 1 failed, 0 skipped')
    assert.deepEqual(await findProcesses(`sleep ${seconds}`), [])
  })

  it('waits for a program that is about to end', async () => {
    const { exitCode, lastLine } = await runTests(
      `it('leaves something', () => { spawn('sleep', ['1'], { detached: true, stdio: 'ignore' }).unref() })`,
    )
    assert.equal(exitCode, 0)
    assert.equal(lastLine, '1 passed, 0 failed, 0 skipped')
  })

  it('says what keeps mocha from ending after the last test, which is no failure', async () => {
    const { exitCode, output, lastLine } = await runTests(
      `it('leaves a timer', () => { setInterval(() => {}, 1e6) })`,
      {
        partingMs: 500,
      },
    )
    assert.equal(exitCode, 0)
    assert.match(
      output,
      /mocha does not end by itself: a test left something open\.\n(?: .*\n)* {2}Timeout\n/,
    )
    assert.equal(lastLine, '1 passed, 0 failed, 0 skipped')
  })

  it('names a test that ends mocha as if all were well', async () => {
    const { exitCode, output, lastLine } = await runTests(`it('exits', () => process.exit(0))`)
    assert.equal(exitCode, 1)
    assert.match(output, /mocha ended early in "exits"/)
    assert.equal(lastLine, '0 passed, 1 failed, 0 skipped')
  })
})
