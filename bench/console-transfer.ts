import { randomBytes } from 'node:crypto'
import { ShellTransfer } from '../src/board/shell-transfer/shell-transfer.ts'
import { startDeadline } from '../src/core/deadline.ts'
import { UndoStack } from '../src/core/undo-stack.ts'
import { linuxShell } from '../src/drivers/shell/linux.ts'
import { simulator } from '../src/simulator/simulator.ts'
import { openConsoleBench } from '../tests/support/console-bench.ts'
import { createTestContext } from '../tests/support/driver-context.ts'
import type { Bench, BenchRow } from './bench.ts'

const baud = 115_200
/** 8N1: ten bits on the wire for each byte. */
const payloadPerSecond = baud / 10
const size = 128 * 1024

/** How much of a serial line's rate a file gets that can't be packed, to a board with base64 and back. */
export const consoleTransfer: Bench = {
  name: 'console-transfer',
  async run() {
    const context = await createTestContext()
    const undo = new UndoStack()
    using t = startDeadline(300_000, 'the bench')
    try {
      const options = simulator.schema.parse({ bootloader: 'none', speed: 1, baud })
      const machine = await simulator.open(options, context, t)
      const bench = await openConsoleBench(machine.openConsole, undo)
      await machine.power.on(t)
      const driver = await linuxShell.open(linuxShell.schema.parse({}), context, t)
      const shell = await driver.login(bench.take(), t)
      const transfer = new ShellTransfer(shell, { by: 'console' })
      const there = await transfer.put(randomBytes(size), '/tmp/file', t)
      const back = await transfer.get('/tmp/file', `${context.temporaryDirectory}/file`, t)
      return [row('to the board', there.durationMs), row('from the board', back.durationMs)]
    } finally {
      await undo.run()
      await context.release()
    }
  },
}

function row(direction: string, durationMs: number): BenchRow {
  const perSecond = size / (durationMs / 1000)
  const share = perSecond / payloadPerSecond
  return {
    what: `incompressible ${size / 1024} KiB over a console at ${baud} baud with base64, ${direction}`,
    measured: `${Math.round(perSecond)} bytes/s`,
    peer: `the line's payload rate ${payloadPerSecond} bytes/s`,
    ratio: share,
    target: '65% or more',
    met: share >= 0.65,
  }
}
