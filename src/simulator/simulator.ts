import { defineMachine } from '../board/driver.ts'
import { drawFault } from './faults/draw.ts'
import { simulatorSchema } from './options.ts'

/** A board in this process: power switch, UART, bootloader, Linux, and faults by name and seed. */
export const simulator = defineMachine({
  name: 'simulator',
  summary: 'A simulated board in this process, with faults by name; nothing real is started.',
  schema: simulatorSchema,
  async open(options, { board, undo, fence, log }) {
    const { createSimulatedMachine } = await import('./machine.ts')
    const drawn = options.draw && drawFault(options.draw, board)
    if (drawn !== undefined) log(`the simulator of ${board} draws a fault: ${drawn.name}`, { fault: drawn })
    const faults = drawn === undefined ? options.faults : [...options.faults, drawn]
    const machine = createSimulatedMachine(board, { ...options, faults }, { fence })
    undo.defer('stopping the simulated board', () => machine.close())
    return machine
  },
})
