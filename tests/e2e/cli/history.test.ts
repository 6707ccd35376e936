import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { startPostgres } from '../../support/postgres-server.ts'
import { itWith } from '../../support/requirements.ts'
import { makeBench, shellSpec, type Bench } from '../../support/simulated-bench.ts'
import { describeSqlite } from '../../support/sqlite-driver.ts'

const passing = shellSpec(`it('works', async () => {
    assert.match((await board.shell.run('uname -r')).stdout, /^\\d+/)
  })`)

const failing = shellSpec(
  `it('works', async () => assert.equal((await board.shell.run('false')).exitCode, 0))`,
)

/** Nobody listens there. */
const away = 'postgres://me:geheim@127.0.0.1:1/hil'

/** Makes node fail to find the driver, as where it could not be installed. */
const withoutDriver = `--import=data:text/javascript,${encodeURIComponent(`
import { register } from 'node:module'
register('data:text/javascript,' + encodeURIComponent(\`
export async function resolve(name, context, next) {
  if (name === 'better-sqlite3') throw new Error("Cannot find package 'better-sqlite3'")
  return next(name, context)
}\`))`)}`

describeSqlite('hil history, as a user calls it', function () {
  this.timeout(120_000)

  const run = (bench: Bench, history = '', more: Readonly<Record<string, string>> = {}) =>
    bench.hil(['run', 'a.spec.ts', '--env', 'sim.yaml'], { HIL_HISTORY: history, ...more })
  const ask = (bench: Bench, words: readonly string[], history = '') =>
    bench.hil(['history', ...words], { HIL_HISTORY: history })

  async function resultsIn(bench: Bench, history = ''): Promise<number> {
    const { exitCode, stdout, stderr } = await ask(bench, ['tests', '--json'], history)
    assert.equal(exitCode, 0, stderr)
    const { version, tests } = JSON.parse(stdout) as { version: number; tests: { results: unknown[] }[] }
    assert.equal(version, 1)
    return tests.reduce((sum, { results }) => sum + results.length, 0)
  }

  it('knows a run that has just ended, and importing it again changes nothing', async () => {
    await using bench = await makeBench({ 'a.spec.ts': passing })
    const { exitCode, stderr } = await run(bench)
    assert.equal(exitCode, 0, stderr)
    assert.equal(stderr, '')
    assert.equal(await resultsIn(bench), 1)
    const again = await ask(bench, ['import', 'reports'])
    assert.match(again.stdout, /^0 imported into .*\/reports\/\.history\/history\.sqlite, 1 known already\n$/)
    assert.equal(await resultsIn(bench), 1)

    const { stdout: tests } = await ask(bench, ['tests'])
    assert.match(tests, /^test +board +runs +pass +flaky\nsuite › works {2}sim +1 +100% +0%\n$/)
    const { stdout: test } = await ask(bench, ['test', 'WORKS'])
    assert.match(test, /suite › works on sim\n {2}a\.spec\.ts, sim\.yaml\n {2}\.\n {2}1 run: 1 passed\n/)
    const { stdout: boot } = await ask(bench, ['boot'])
    assert.match(boot, /^sim: 1 boot from power to shell\n[\s\S]*\n {2}whole boot +1 [\s\S]*\n {4}kernel +1 /)
    const { stdout: splats } = await ask(bench, ['splats'])
    assert.equal(splats, 'The kernels have complained about nothing.\n')
    const { stdout: boards } = await ask(bench, ['boards'])
    assert.match(boards, /\nsim +1 +0 +0% \(0% to 79%\)\n$/)
    const chart = await ask(bench, ['chart', '-o', 'chart.html'])
    assert.equal(chart.stdout, 'chart.html\n')
    assert.match(await readFile(bench.path('chart.html'), 'utf8'), /<h2>sim<\/h2>[\s\S]*<circle /)
  })

  it('tells at the end of a run since when what failed does, in the report too', async () => {
    await using bench = await makeBench({ 'a.spec.ts': passing })
    assert.equal((await run(bench)).exitCode, 0)
    await writeFile(bench.path('a.spec.ts'), failing)
    const first = await run(bench)
    assert.match(
      first.stdout,
      /test failed \(AssertionError\)\n +did not fail the last time: passed last on .* UTC with Linux \S+ \(reports\/\S+\)\n/,
    )
    const second = await run(bench)
    assert.match(second.stdout, /\n +fails since .* UTC with Linux \S+, 2 runs in a row; passed last on /)
    assert.match(await bench.report('report.html'), /Fails since [^<]*, 2 runs in a row/)
    const summary = JSON.parse(await bench.report('summary.json')) as {
      tests: { past: { failedRuns: number } }[]
    }
    assert.equal(summary.tests[0]?.past.failedRuns, 2)
  })

  it('takes a run in later when the database was away, and the run is what it was', async () => {
    await using bench = await makeBench({ 'a.spec.ts': passing })
    const { exitCode, stdout, stderr } = await run(bench, away)
    assert.equal(exitCode, 0)
    assert.match(stdout, /\n1 passed .*\nReport: /)
    assert.match(
      stderr,
      /^hil: the history in postgres:\/\/me:•••@127\.0\.0\.1:1\/hil can't be used: .*\. The run is imported later\.\n$/,
    )
    assert.equal(readdirSync(bench.path('reports/.history/pending')).length, 1)
    // The next run brings it along.
    await run(bench)
    assert.equal(await resultsIn(bench), 2)
    assert.equal(readdirSync(bench.path('reports/.history/pending')).length, 0)
  })

  it('takes in what was left over before it answers, and forgets reports that were removed', async () => {
    await using bench = await makeBench({ 'a.spec.ts': passing })
    await run(bench, away)
    await cp(bench.path('reports'), bench.path('others'), { recursive: true })
    assert.equal(await resultsIn(bench), 1)
    const [name = ''] = readdirSync(bench.path('others')).filter((entry) => entry.startsWith('20'))
    await rm(bench.path(`others/${name}`), { recursive: true })
    const { exitCode, stdout } = await ask(bench, ['import', '--report-dir', 'others'])
    assert.deepEqual([exitCode, stdout.split(' ')[0]], [0, '0'])
    assert.equal(readdirSync(bench.path('others/.history/pending')).length, 0)
  })

  it('is off where it is told so, and says nothing of it in a run', async () => {
    await using bench = await makeBench({ 'a.spec.ts': passing })
    const { exitCode, stderr } = await run(bench, 'off')
    assert.deepEqual([exitCode, stderr], [0, ''])
    assert.equal(existsSync(bench.path('reports/.history')), false)
    const asked = await ask(bench, ['tests'], 'off')
    assert.equal(asked.exitCode, 2)
    assert.match(asked.stderr, /history is off: HIL_HISTORY says so/)
  })

  it('is off where its driver could not be installed; runs work and say so', async () => {
    await using bench = await makeBench({ 'a.spec.ts': passing })
    const { exitCode, stdout, stderr } = await run(bench, '', { NODE_OPTIONS: withoutDriver })
    assert.equal(exitCode, 0)
    assert.match(stdout, /\n1 passed /)
    assert.match(
      stderr,
      /^hil: history is off: better-sqlite3 can't be loaded \(Cannot find package 'better-sqlite3'/,
    )
    assert.equal(await resultsIn(bench), 1)
  })

  it('says in a sentence what it was not given, and what it does not have', async () => {
    await using bench = await makeBench({})
    const empty = await ask(bench, ['tests', '--board', 'rock'])
    assert.equal(empty.exitCode, 2)
    assert.match(
      empty.stderr,
      /history has nothing of rock since \d{4}-\d\d-\d\d; `hil history import DIRECTORY`/,
    )
    const since = await ask(bench, ['boot', '--since', 'monday'])
    assert.equal(since.exitCode, 2)
    assert.match(
      since.stderr,
      /--since takes a date such as 2026-11-22 or a duration such as 7d, not "monday"/,
    )
    const directory = await ask(bench, ['import', 'env'])
    assert.equal(directory.exitCode, 2)
    assert.match(directory.stderr, /there is no run in env: no directory with an events\.jsonl/)
  })

  itWith(['pg_createcluster'], 'keeps the runs of a team in their PostgreSQL', async () => {
    await using server = await startPostgres()
    await using bench = await makeBench({ 'a.spec.ts': passing })
    await using other = await makeBench({ 'a.spec.ts': passing })
    for (const one of [bench, other]) {
      const { exitCode, stderr } = await run(one, server.url())
      assert.deepEqual([exitCode, stderr], [0, ''])
    }
    assert.equal(await resultsIn(bench, server.url()), 2)
    const { stdout } = await ask(other, ['boot', '--json'], server.url())
    const { boards } = JSON.parse(stdout) as { boards: { boots: { directory: string }[] }[] }
    assert.match(boards[0]?.boots[0]?.directory ?? '', /^[^:]+:\/.*\/reports\/20/)
    assert.equal(existsSync(bench.path('reports/.history/history.sqlite')), false)
  })
})
