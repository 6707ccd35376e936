import assert from 'node:assert/strict'
import { openHilTerminal } from '../../support/hil-terminal.ts'
import { runHil } from '../../support/run-hil.ts'
import { makeBench } from '../../support/simulated-bench.ts'

describe('hil boot', function () {
  this.timeout(60_000)

  it('brings a board to its shell without a spec, and says where it is', async () => {
    await using bench = await makeBench({})
    const { exitCode, stdout } = await runHil(['boot', '--env', 'sim'], { cwd: bench.directory })
    assert.equal(exitCode, 0, stdout)
    assert.match(stdout, /^sim is in shell; it is emulated and goes off with hil/m)
    assert.equal((await bench.summary()).verdict, 'passed')
  })

  it('stops at the state that was named', async () => {
    await using bench = await makeBench({})
    const { exitCode, stdout } = await runHil(['boot', '--env', 'sim', '--state', 'bootloader'], {
      cwd: bench.directory,
    })
    assert.equal(exitCode, 0)
    assert.match(stdout, /^sim is in bootloader; /m)
  })

  it('hands the console over where that is asked for', async () => {
    await using bench = await makeBench({})
    await using terminal = await openHilTerminal(['boot', '--env', 'sim', '--console'], {
      cwd: bench.directory,
    })
    const { console, t } = terminal
    await console.expect({ told: 'Ctrl-] leaves' }, t)
    await console.write('echo by-$((40 + 2))\r', t)
    await console.expect({ answer: 'by-42' }, t)
    await console.write('\x1d', t)
    assert.equal(await terminal.exitCode(), 0)
  })

  it('takes no console where there is no terminal', async () => {
    await using bench = await makeBench({})
    const { exitCode, stderr } = await runHil(['boot', '--env', 'sim', '--console'], { cwd: bench.directory })
    assert.equal(exitCode, 2)
    assert.match(stderr, /a console can be attached to a terminal only/)
  })

  it('refuses options that exclude each other before anything is switched', async () => {
    await using bench = await makeBench({})
    const words = ['boot', '--env', 'sim', '--kernel', 'Image', '--fit', 'x.fit']
    const { exitCode, stderr } = await runHil(words, { cwd: bench.directory })
    assert.equal(exitCode, 2)
    assert.match(stderr, /--fit and --kernel exclude each other/)
  })

  it('names the file of a payload that is not there, and exits with 2', async () => {
    await using bench = await makeBench({})
    const { exitCode, stderr } = await runHil(['boot', '--env', 'sim', '--kernel', 'nowhere/Image'], {
      cwd: bench.directory,
    })
    assert.equal(exitCode, 2)
    assert.match(stderr, /nowhere\/Image can't be read/)
  })
})
