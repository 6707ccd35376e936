import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { openHilTerminal, type HilTerminal } from '../../support/hil-terminal.ts'
import { describeWith } from '../../support/requirements.ts'
import { makeBench, shellSpec } from '../../support/simulated-bench.ts'

const saysHello = shellSpec(`it('says hello', async () => {
  const { stdout } = await board.shell.run('cat /proc/cmdline')
  assert.match(stdout, /console/)
})`)

describe('hil watch', function () {
  this.timeout(90_000)

  async function waiting({ console, t }: HilTerminal): Promise<string> {
    return (await console.expect({ waiting: 'Waiting for a change; r runs now, q ends.' }, t)).before
  }

  it('runs once, again when a spec was edited, without a boot, and ends by a key', async () => {
    await using bench = await makeBench({ 'boot.spec.ts': saysHello })
    await using terminal = await openHilTerminal(['watch', 'boot.spec.ts', '--env', 'sim'], {
      cwd: bench.directory,
    })
    assert.match(await waiting(terminal), /passed: 1 test in [\d.]+ m?s \(boot [\d.]+ m?s\)/)

    await writeFile(bench.path('boot.spec.ts'), saysHello.replace('says hello', 'says another thing'))
    assert.match(
      await waiting(terminal),
      /passed: 1 test in [\d.]+ m?s \(not booted; changed: boot\.spec\.ts\)/,
    )
    const { tests } = await bench.summary()
    assert.deepEqual(
      tests.map(({ titles }) => titles.at(-1)),
      ['says another thing'],
    )

    await terminal.console.write('r', terminal.t)
    assert.match(await waiting(terminal), /passed: 1 test in [\d.]+ m?s \(not booted; asked for\)/)
    await terminal.console.write('q', terminal.t)
    assert.equal(await terminal.exitCode(), 0)
  })

  it('shows what failed, goes on, and leaves the board as declared at Ctrl-C', async () => {
    await using bench = await makeBench({ 'boot.spec.ts': shellSpec(`it('lies', () => assert.equal(1, 2))`) })
    await using terminal = await openHilTerminal(['watch', 'boot.spec.ts', '--env', 'sim'], {
      cwd: bench.directory,
    })
    assert.match(await waiting(terminal), /1\) sim {2}boot\.spec\.ts[^]*test failed: 1 test in /)
    await writeFile(bench.path('boot.spec.ts'), 'this is no TypeScript (')
    assert.match(await waiting(terminal), /environment wrong: 0 tests in /)
    await writeFile(bench.path('boot.spec.ts'), saysHello)
    assert.match(await waiting(terminal), /passed: 1 test in /)
    await terminal.console.write('\x03', terminal.t)
    assert.equal(await terminal.exitCode(), 130)
  })

  describeWith(['qemu'], 'with a payload', function () {
    this.timeout(180_000)

    it('boots another payload from the state the board is in, and never an old one', async () => {
      const spec = shellSpec(`it('has the payload', async () => {
        console.log(\`version: \${(await board.shell.run('cat /version')).stdout}\`)
      })`)
      const environment = await readFile(
        new URL('../../../env/sim-barebox-qemu.yaml', import.meta.url),
        'utf8',
      )
      await using bench = await makeBench({
        'env/virt.yaml': environment,
        'boot.spec.ts': spec,
        'files/version': 'one',
      })
      const words = ['watch', 'boot.spec.ts', '--env', 'virt', '--files', 'files']
      const budgetMs = 150_000
      await using terminal = await openHilTerminal(words, { cwd: bench.directory, budgetMs })
      assert.match(await waiting(terminal), /version: one[^]*passed: 1 test in .* \(boot /)

      await writeFile(bench.path('files/version'), 'two')
      assert.match(
        await waiting(terminal),
        /version: two[^]*passed: 1 test in .* \(boot .*; changed: files\/version\)/,
      )
      await terminal.console.write('q', terminal.t)
      assert.equal(await terminal.exitCode(), 0)
    })
  })
})
