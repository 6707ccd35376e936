import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { HilError } from '../../../src/core/errors.ts'
import type { Handover } from '../../../src/simulator/hardware.ts'
import { createSimulatedMachine } from '../../../src/simulator/machine.ts'
import { simulatorSchema } from '../../../src/simulator/options.ts'
import type { RunningKernel } from '../../../src/simulator/real-kernel.ts'
import { autobootPrompt, bareboxPrompt, BoardConsole } from './board-console.ts'

/** What a test makes a kernel do. */
interface KernelOfTest extends RunningKernel {
  readonly handover: Handover
  readonly typed: string
  readonly stops: number
  say(text: string): void
  end(how: 'reset' | 'power-off' | Error): void
}

describe('A kernel in place of the simulated Linux', () => {
  let kernels: KernelOfTest[]
  /** The next kernel does not start before this. */
  let starting: Promise<void>
  let board: BoardConsole

  beforeEach(async () => {
    kernels = []
    starting = Promise.resolve()
    const faults = [{ name: 'reset', at: 'kernel', times: 1, skip: 1 }]
    const machine = createSimulatedMachine('board', simulatorSchema.parse({ faults }), {
      startKernel: async (handover) => {
        const kernel = kernelOfTest(handover)
        kernels.push(kernel)
        await starting
        return kernel
      },
    })
    board = await BoardConsole.startedOn(machine, autobootPrompt)
    await board.type('\r')
    await board.until(bareboxPrompt)
  })

  afterEach(async () => {
    await board.machine.power.off(board.t)
    board[Symbol.dispose]()
  })

  it('gets what the bootloader loaded, and the console in both directions', async () => {
    const kernel = await boot('global linux.bootargs.dyn.hil=x=1; boot virtioblk0')
    assert.equal(kernel.handover.commandLine, 'console=ttyAMA0 stock=1 x=1')
    assert.equal(Buffer.from(kernel.handover.kernel ?? []).toString('latin1', 0, 2), 'MZ')
    assert.equal(kernel.handover.initrd, undefined)
    assert.equal(kernel.handover.deviceTree, undefined)
    kernel.say('[    0.000000] Booting Linux\r\n')
    await board.until('Booting Linux')
    await board.type('ls\xff\r')
    assert.equal(kernel.typed, 'ls\xff\r')
  })

  it('leads back to the bootloader when it resets, with all it has said', async () => {
    const kernel = await boot('boot virtioblk0')
    kernel.say('reboot: Restarting system\r\n')
    kernel.end('reset')
    const shown = await board.until(autobootPrompt)
    assert.match(shown, /reboot: Restarting system\r\n[^]*Board: /)
    assert.equal(kernel.stops, 1)
    await board.type('\r')
    await board.until(bareboxPrompt)
    assert.equal((await boot('boot virtioblk0')).typed, '')
  })

  it('leaves the board silent when it switches off', async () => {
    const kernel = await boot('boot virtioblk0')
    kernel.say('reboot: Power down\r\n')
    kernel.end('power-off')
    await board.until('Power down')
    await board.quiet()
    assert.equal(board.pending, '\r\n')
    assert.equal(kernel.stops, 1)
  })

  it('is stopped when the power is cut, before the switch says that it is off', async () => {
    const kernel = await boot('boot virtioblk0')
    await board.machine.power.off(board.t)
    assert.equal(kernel.stops, 1)
    kernel.say('too late')
    await board.quiet()
    assert.doesNotMatch(board.all, /too late/)
  })

  it('is stopped as well when the power is cut while it starts', async () => {
    let started: () => void = () => undefined
    starting = new Promise((resolve) => {
      started = resolve
    })
    const kernel = await boot('boot virtioblk0')
    const off = board.machine.power.off(board.t)
    assert.equal(kernel.stops, 0)
    started()
    await off
    assert.equal(kernel.stops, 1)
  })

  it('is stopped when a fault resets the board in the middle of its log, and goes on without', async () => {
    const well = await boot('boot virtioblk0')
    well.say('.'.repeat(2000))
    well.end('reset')
    await board.until(autobootPrompt)
    await board.type('\r')
    await board.until(bareboxPrompt)
    const hit = await boot('boot virtioblk0')
    hit.say('.'.repeat(600))
    hit.say('.'.repeat(600))
    await board.until(autobootPrompt)
    assert.equal(hit.stops, 1)
    await board.type('\r')
    await board.until(bareboxPrompt)
    const next = await boot('boot virtioblk0')
    next.say('.'.repeat(2000))
    await board.until('.'.repeat(2000))
  })

  it('ends the console with its own error when its machine breaks down', async () => {
    const kernel = await boot('boot virtioblk0')
    kernel.end(new HilError('machine.died', 'the emulator is gone', { blame: 'infrastructure' }))
    await assert.rejects(board.until('never'), { code: 'machine.died', blame: 'infrastructure' })
  })

  async function boot(command: string): Promise<KernelOfTest> {
    const before = kernels.length
    await board.type(`${command}\r`)
    await board.until('Loaded kernel')
    while (kernels.length === before) await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    return kernels.at(-1) ?? assert.fail()
  }
})

function kernelOfTest(handover: Handover): KernelOfTest {
  const output = new PassThrough()
  let typed = ''
  let stops = 0
  let end: KernelOfTest['end'] = () => undefined
  const ended = new Promise<'reset' | 'power-off'>((resolve, reject) => {
    end = (how) => {
      if (how instanceof Error) reject(how)
      else resolve(how)
    }
  })
  ended.catch(() => undefined)
  return {
    handover,
    output,
    ended,
    end,
    get typed() {
      return typed
    },
    get stops() {
      return stops
    },
    say: (text) => output.write(text),
    write: (bytes) => {
      typed += Buffer.from(bytes).toString('latin1')
    },
    stop: () => {
      stops += 1
      output.end()
      return Promise.resolve()
    },
  }
}
