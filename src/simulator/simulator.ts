import { defineMachine } from '../board/driver.ts'
import { simulatorSchema } from './options.ts'

/** A board in this process: power switch, UART, bootloader, Linux, and faults by name and seed. */
export const simulator = defineMachine({
  name: 'simulator',
  summary: 'A simulated board in this process, with faults by name; nothing real is started.',
  schema: simulatorSchema,
  async open(options, { board, undo, fence }) {
    const { createSimulatedMachine } = await import('./machine.ts')
    const machine = createSimulatedMachine(board, options, { fence })
    undo.defer('stopping the simulated board', () => machine.close())
    return machine
  },
})
