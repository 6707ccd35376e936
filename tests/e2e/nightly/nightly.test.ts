import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { projectRoot } from '../../../scripts/setup/places.mjs'
import type { NightRecord } from '../../../src/core/night-record.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'
import { itWith } from '../../support/requirements.ts'
import { describeSqlite } from '../../support/sqlite-driver.ts'
import { hilCommand } from '../../support/run-hil.ts'
import { makeBench, shellSpec, type Bench } from '../../support/simulated-bench.ts'
import { aiosmtpd, startSmtpServer } from '../../support/smtp-server.ts'

/** One that is well, and one whose switch is broken. */
const environment = `
defaults:
  architecture: arm64
  compatible: linux,dummy-virt
  bootloader: barebox
  timeouts: { states: { bootloader: 60s, linux: 60s, shell: 60s } }
boards:
  well:
    machine: simulator
    resources: [well]
  broken:
    machine: { driver: simulator, faults: [{ name: power, how: refuses, action: on }] }
`
const passing = shellSpec("it('runs', async () => { await board.shell.runOk('true') })")
const failing = shellSpec("it('fails', () => assert.fail('a bad day'))")

describeSqlite('hil nightly', () => {
  useLabDirectory()

  itWith(
    [aiosmtpd],
    'runs the matrix, blames whoever is to blame, compares with the night before, and tells of it',
    async function (this: Mocha.Context) {
      this.timeout(600_000)
      await using smtp = await startSmtpServer()
      const told: unknown[] = []
      const hook = createServer((request, response) => {
        void json(request).then((body) => {
          told.push({ body, authorization: request.headers.authorization })
          response.end()
        })
      }).listen(0, '127.0.0.1')
      await once(hook, 'listening')
      const { port } = hook.address() as { port: number }
      await using bench = await makeBench({
        'env/lab.yaml': environment,
        'good.spec.ts': passing,
        'moody.spec.ts': passing,
        'plan.yaml': `environment: lab
payloads: { stock: {} }
specs: { moody: moody.spec.ts }
boards: [well, broken]
health: { specs: good.spec.ts }
hooks:
  cell-before: echo "$HIL_BOARD $HIL_SPEC" >> hooks
  after: echo "$HIL_NIGHT_VERDICT" >> hooks
mail:
  to: kernel@example.org
  from: lab@example.org
  smtp: { host: 127.0.0.1, port: ${smtp.port}, user: lab, password: { env: MAIL_WORD } }
webhooks: [{ url: 'http://127.0.0.1:${port}/hook', token: { env: HOOK_WORD }, on: always }]
`,
      })
      const env = { HIL_HISTORY: '', MAIL_WORD: 'hush', HOOK_WORD: 'hook-word' }
      const first = await bench.hil(['nightly', 'plan.yaml'], env)
      assert.equal(first.exitCode, 3, first.stdout + first.stderr)
      await writeFile(bench.path('moody.spec.ts'), failing)
      const { stdout } = await bench.hil(['nightly', 'plan.yaml'], env)
      hook.close()

      const night = lastNight(bench)
      assert.deepEqual(
        night.cells.map(({ id, outcome, blame }) => [id, outcome, blame]),
        [
          ['well/stock/moody', 'test-failed', 'test'],
          ['broken/stock/moody', 'not-run', 'infrastructure'],
        ],
      )
      assert.match(stdout, /^well\/stock\/moody: test failed, .*: .*a bad day$/m)
      assert.match(stdout, /^board broken: out: .*refused "on"/m)
      const hooks = 'well moody\ninfrastructure-failed\n'
      assert.equal(readFileSync(bench.path('hooks'), 'utf8'), hooks + hooks)
      const mail = smtp.mails.at(-1) ?? ''
      assert.match(mail, /^Subject: \[hil\] plan: 2 of 2 failed$/m)
      assert.match(mail, /^since the last night: 1 new failure,.* 1 still failing$/m)
      assert.match(mail, /^new: well\/stock\/moody: test failed: .*a bad day/m)
      assert.equal(told.length, 2)
      const last = told.at(-1) as { body: { news: { last: object } }; authorization: string }
      assert.equal(last.authorization, 'Bearer hook-word')
      assert.deepEqual(pick(last.body.news.last), { newFailures: ['well/stock/moody'], fixed: [] })
      const directory = lastDirectory(bench)
      for (const name of readdirSync(directory)) {
        if (name !== 'cells')
          assert.doesNotMatch(readFileSync(join(directory, name), 'utf8'), /hush|hook-word/)
      }
      const junit = readFileSync(join(directory, 'junit.xml'), 'utf8')
      assert.match(junit, /<testcase classname="stock\.well\.moody" name="suite › fails"/)
      assert.match(junit, /<testcase classname="stock\.broken" name="moody"><error /)
      for (const { attempts } of night.cells) {
        for (const { report = '' } of attempts)
          assert.ok(existsSync(join(directory, report, 'report.html')), report)
      }
    },
  )

  it('goes on after kill -9 where it was, with no process left of the night that was killed', async function () {
    this.timeout(600_000)
    const plan = `environment: lab
boards: [well]
payloads: { stock: {} }
specs: { one: good.spec.ts, slow: slow.spec.ts }
health: false
cells: { infrastructure-retries: 0 }
`
    const slow = shellSpec(
      "it('waits', async function () { this.timeout(0); const { existsSync } = await import('node:fs'); while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 50)) })",
    )
    await using bench = await makeBench({
      ...{ 'env/lab.yaml': environment, 'plan.yaml': plan, 'good.spec.ts': passing, 'slow.spec.ts': slow },
    })
    const [node, ...args] = hilCommand
    const child = spawn(node, [...args, 'nightly', 'plan.yaml'], {
      cwd: bench.directory,
      env: { ...process.env, HIL_HISTORY: 'off' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      text += String(chunk)
      if (text.includes('well/stock/one: passed')) break
    }
    child.kill('SIGKILL')
    await once(child, 'exit')
    await writeFile(bench.path('go'), '')
    const { stdout, exitCode } = await bench.hil(['nightly', 'resume'])
    assert.equal(exitCode, 0, stdout)
    assert.match(stdout, /^resumed: 1 of 2 cells are done already$/m)
    assert.doesNotMatch(stdout, /stock\/one: passed/)
    assert.deepEqual(
      lastNight(bench).cells.map(({ outcome, attempts }) => [outcome, attempts.length]),
      Array(2).fill(['passed', 1]),
    )
    const again = await bench.hil(['nightly', 'resume'])
    assert.equal(again.exitCode, 2)
    assert.match(again.stderr, /has come to its end/)
  })

  itWith(
    ['qemu'],
    'has a board without a system of its own show that it is well with the payload of its environment',
    async function (this: Mocha.Context) {
      this.timeout(600_000)
      await using bench = await makeBench({
        'plan.yaml': `environment: ${join(projectRoot, 'env', 'virt-uboot.yaml')}
payloads: { its: {} }
specs: { boot: good.spec.ts }
`,
        'good.spec.ts': passing,
      })
      const { stdout, stderr } = await bench.hil(['nightly', 'plan.yaml'], { HIL_HISTORY: 'off' })
      const night = lastNight(bench)
      assert.deepEqual(
        night.health.map(({ verdict }) => verdict),
        ['passed'],
        stdout + stderr,
      )
      assert.deepEqual(
        night.cells.map(({ outcome }) => outcome),
        ['passed'],
      )
    },
  )
})

function lastDirectory(bench: Bench): string {
  const name = readdirSync(bench.path('reports'))
    .filter((each) => each.includes('nightly'))
    .sort()
    .at(-1)
  return bench.path(`reports/${name ?? ''}`)
}

function lastNight(bench: Bench): NightRecord {
  return JSON.parse(readFileSync(join(lastDirectory(bench), 'night.json'), 'utf8')) as NightRecord
}

function pick(comparison: object) {
  const { newFailures, fixed } = comparison as { newFailures: readonly string[]; fixed: readonly string[] }
  return { newFailures, fixed }
}
