import assert from 'node:assert/strict'
import { HilError } from '../../../src/core/errors.ts'
import { atBarebox, autobootPrompt, BoardConsole, bareboxPrompt } from './board-console.ts'

const ashPrompt = '/ # \x1b[6n'
const banner = /barebox \d{4}\.\d{2}/

/** A board without bootloader, at its shell. */
async function atShell(options: Parameters<typeof BoardConsole.open>[0] = {}): Promise<BoardConsole> {
  return BoardConsole.started({ bootloader: 'none', ...options }, ashPrompt)
}

describe('A fault of the simulated board', () => {
  it('silences the console from where it strikes until the next start', async () => {
    using board = await BoardConsole.started(
      { bootloader: 'none', faults: [{ name: 'silent', at: 'userspace', times: 1 }] },
      'as init process',
    )
    await board.quiet()
    assert.equal(board.pending.trim(), '')
    await board.powerCycle()
    await board.until(ashPrompt)
  })

  it('hangs the board, which then does not answer', async () => {
    using board = await BoardConsole.started({ faults: [{ name: 'hang', at: 'autoboot' }] }, banner)
    await board.type('\r')
    await board.quiet()
    assert.doesNotMatch(board.all, autobootPrompt)
  })

  it('resets the board in the middle of the kernel log, as often as it was told', async () => {
    using board = await BoardConsole.started(
      { faults: [{ name: 'reset', at: 'kernel', times: 2 }] },
      autobootPrompt,
    )
    await board.until(ashPrompt)
    assert.equal(board.all.match(/barebox 2026/g)?.length, 3)
    assert.equal(board.all.match(/Booting Linux/g)?.length, 3)
    assert.equal(board.all.match(/as init process/g)?.length, 1)
  })

  it('lets the board pass well as often as it was told before it strikes', async () => {
    using board = await atBarebox({ faults: [{ name: 'reset', at: 'bootloader', skip: 2, times: 1 }] })
    for (const word of ['one', 'two']) {
      await board.type(`echo ${word}\r`)
      await board.until(`\r\n${word}\r\n`)
      await board.until(bareboxPrompt)
    }
    await board.type('echo three\r')
    await board.until(banner)
  })

  it('panics the kernel, which hangs, or resets with panic=N', async () => {
    using hanging = await BoardConsole.started(
      { bootloader: 'none', faults: [{ name: 'panic', reason: 'Fatal exception' }] },
      /Kernel panic - not syncing: Fatal exception\r\n[^]*end Kernel panic - not syncing: Fatal exception \]---/,
    )
    await hanging.quiet()
    using rebooting = await BoardConsole.started(
      {
        bootloader: 'none',
        linux: { bootargs: 'console=ttyAMA0 panic=5' },
        faults: [{ name: 'panic', times: 1 }],
      },
      'Rebooting in 5 seconds..',
    )
    await rebooting.until(ashPrompt)
  })

  it('tears the line off, and the board can be connected to again', async () => {
    using board = await BoardConsole.open({ faults: [{ name: 'disconnect', at: 'autoboot', times: 1 }] })
    await board.machine.power.on(board.t)
    await assert.rejects(board.until(autobootPrompt), (error: unknown) => {
      assert.ok(error instanceof HilError)
      assert.equal(error.code, 'console.closed')
      assert.equal(error.blame, 'infrastructure')
      return true
    })
    await board.connect()
    await board.powerCycle()
    await board.until(autobootPrompt)
  })

  it('floods the console with 10 MB and lets the process live meanwhile', async () => {
    using board = await BoardConsole.started(
      { bootloader: 'none', faults: [{ name: 'flood', at: 'userspace', times: 1 }] },
      'Booting Linux',
      { forgetting: 1000 },
    )
    let turns = 0
    const counting = setInterval(() => (turns += 1), 1)
    try {
      await board.until(ashPrompt)
    } finally {
      clearInterval(counting)
    }
    assert.ok(board.bytes >= 10_000_000)
    assert.ok(turns >= 3, `timers ran ${turns} times only`)
  })

  it('puts a kernel message into the middle of output', async () => {
    using board = await atShell({ faults: [{ name: 'printk', text: 'eth0: link down' }] })
    await board.type('echo abcdef\r')
    await board.until(ashPrompt)
    assert.match(board.all, /\r\nabcd\[ +\d+\.\d{6}\] eth0: link down\r\nef\r\n/)
  })

  it('prints the prompt late or twice, in the bootloader and in the shell', async () => {
    using bootloader = await atBarebox({ faults: [{ name: 'double-prompt', times: 1 }] })
    assert.match(bootloader.all, /(\x1b\[1;32mbarebox@\S+ QEMU virt64:\/\x1b\[0m ){2}$/)
    using shell = await atShell({
      faults: [
        { name: 'double-prompt', times: 1 },
        { name: 'slow-prompt', delayMs: 20 },
      ],
    })
    assert.match(shell.all, /\r\n\/ # \/ # \x1b\[6n$/)
  })

  it('drops and garbles bytes, the same ones for the same seed', async () => {
    const noisy = async (seed: number) => {
      using board = await BoardConsole.open({
        bootloader: 'none',
        seed,
        linux: { root: false },
        faults: [
          { name: 'drop', rate: 0.01 },
          { name: 'garble', rate: 0.01 },
        ],
      })
      await board.machine.power.on(board.t)
      await board.quiet()
      // What comes later has the time it really took in it.
      return board.all.split('no DMA platform data')[0] ?? ''
    }
    const [first, again, other] = [await noisy(1), await noisy(1), await noisy(2)]
    assert.equal(first, again)
    assert.notEqual(first, other)
    assert.doesNotMatch(first, /^[\r\n -~]*$/)
  })

  it('drops what the host types where the line to the board is bad', async () => {
    using board = await BoardConsole.started(
      { barebox: { autoboot: 'abort' }, faults: [{ name: 'drop', rate: 1, direction: 'to-board' }] },
      bareboxPrompt,
    )
    await board.type('echo hi\r')
    await board.quiet()
    assert.equal(board.pending, '')
  })
})
