import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { examinationJsonSchema } from '../../../src/core/examination-schema.ts'
import type { Examinations } from '../../../src/core/examination.ts'
import { startDeadline } from '../../../src/core/deadline.ts'
import { takeLeases } from '../../../src/lab/lease/take-leases.ts'
import { openHilTerminal } from '../../support/hil-terminal.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'
import { describeWith } from '../../support/requirements.ts'
import { makeBench, simulatedBoards } from '../../support/simulated-bench.ts'

describe('hil doctor', function () {
  this.timeout(120_000)
  useLabDirectory()

  it('examines every board of a lab, prints one table, and ends with what to do', async () => {
    const dead = simulatedBoards(['dead']).replace(
      'machine: simulator',
      'machine: { driver: simulator, barebox: { autoboot: boot } }',
    )
    const all = `${simulatedBoards(['one'])}${dead.replace('boards:\n', '')}`
    await using bench = await makeBench({ 'env/lab.yaml': all })
    const which = await bench.hil(['doctor', '--env', 'lab'])
    assert.equal(which.exitCode, 2)
    assert.match(which.stderr, /there are 2 boards, one, dead: say which, or --all/)

    const { exitCode, stdout } = await bench.hil(['doctor', '--env', 'lab', '--all'])
    assert.equal(exitCode, 3, stdout)
    assert.match(stdout, /^one {3}ok {7}golden boot {14}Linux /m)
    assert.match(stdout, /^dead {2}failed {3}bootloader /m)
    assert.match(
      stdout,
      /^board {2}result .* first failure\none {4}in order .*\ndead {3}FAILED .* bootloader: no barebox prompt/m,
    )
    assert.match(stdout, /What to do:\n {2}1\. dead, bootloader: read what the console said/)
    const summary = await bench.summary()
    assert.equal(summary.verdict, 'infrastructure-failed')
    assert.deepEqual(summary.boards.map(({ name, power }) => [name, power]).sort(), [
      ['dead', 'off'],
      ['one', 'off'],
    ])
  })

  it('tells programs the same, as its schema has it', async () => {
    const schema: unknown = JSON.parse(readFileSync('schemas/doctor.schema.json', 'utf8'))
    assert.deepEqual(
      schema,
      JSON.parse(JSON.stringify(examinationJsonSchema())),
      '"npm run schema" writes it',
    )
    await using bench = await makeBench({})
    const { exitCode, stdout, stderr } = await bench.hil(['doctor', '--env', 'sim', '--json'])
    assert.deepEqual([exitCode, stderr], [0, ''])
    const found = JSON.parse(stdout) as Examinations
    assert.equal(found.verdict, 'passed')
    const [board] = found.boards
    assert.deepEqual([board?.board, board?.verdict, board?.steps.length], ['sim', 'passed', 14])
    assert.ok(
      board?.steps.every(({ id, outcome }) => id !== undefined && ['ok', 'skipped'].includes(outcome)),
    )
  })

  it('waits for its turn, or says who has the board and leaves it alone', async () => {
    await using bench = await makeBench({
      'env/shared.yaml': simulatedBoards(['sim'], '    resources: [hub of doctors]\n'),
    })
    using t = startDeadline(60_000, 'test')
    const options = { what: 'hil run night.spec.ts', priority: 0, waitMs: 0, onWait: () => undefined }
    const [lease] = await takeLeases([{ board: 'sim', resources: ['named:hub of doctors'] }], options, t)
    const refused = await bench.hil(['doctor', '--env', 'shared'])
    assert.equal(refused.exitCode, 3)
    assert.match(refused.stdout, /^failed {3}free for us .* is in use by .*hil run night\.spec\.ts/m)
    assert.match(refused.stdout, /^skipped {2}power on .*"free for us" failed$/m)
    assert.match(refused.stdout, /1\. free for us: wait for your turn with --wait 30m/)

    await using waiting = await openHilTerminal(['doctor', '--env', 'shared', '--wait', '1min'], {
      cwd: bench.directory,
    })
    await waiting.console.expect({ 'who is waited for': 'waiting up to 1 min' }, waiting.t)
    lease?.settle()
    await lease?.release()
    await waiting.console.expect({ 'the first step': 'nobody else uses what it needs' }, waiting.t)
    assert.equal(await waiting.exitCode(), 0, waiting.shown())
  })

  it('leaves the board as declared after Ctrl-C, and says what was not tried', async () => {
    const slow = simulatedBoards().replace(
      'machine: simulator',
      'machine: { driver: simulator, faults: [{ name: silent, at: power-on }] }',
    )
    await using bench = await makeBench({ 'env/slow.yaml': slow })
    await using terminal = await openHilTerminal(['doctor', '--env', 'slow'], { cwd: bench.directory })
    const { console, t } = terminal
    await console.expect({ 'the step that waits': 'sim: power on ...' }, t)
    await console.write('\x03', t)
    await console.expect({ 'the last step': 'the power is off (after: off)' }, t)
    assert.equal(await terminal.exitCode(), 130)
    const events = await readFile(bench.path('reports/latest/events.jsonl'), 'utf8')
    assert.match(events, /"type":"board-released","board":"sim","power":"off"/)
    assert.match(events, /"interruptedBy":"SIGINT"/)
  })

  describeWith(['qemu'], 'on real U-Boot and Linux', () => {
    it('proves the whole way to a shell', async () => {
      await using bench = await makeBench({})
      const { exitCode, stdout } = await bench.hil(['doctor', '--env', 'virt-uboot'])
      assert.equal(exitCode, 0, stdout)
      assert.match(stdout, /text: "U-Boot 20/)
      assert.match(stdout, /off: the console is silent and answers nothing\n.*on again: the console spoke/)
      assert.match(
        stdout,
        /uboot 20.*: kernel, initrd and device tree are fetched and started one by one\n.*it fetches by TFTP\n.*images that are not signed/,
      )
      assert.match(stdout, /the board fetched 3000 bytes from 10\.0\.2\.2 port 69, and has them unchanged/)
      assert.match(stdout, /Linux 6\.1\.0-\d+-arm64 at a shell/)
      assert.match(stdout, /virt is in order/)
    })
  })
})
