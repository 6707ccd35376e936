import { switchOff } from '../board/cycle-power.ts'
import type { PowerState } from '../board/power-switch.ts'
import { startDeadline } from '../core/deadline.ts'
import { UndoStack } from '../core/undo-stack.ts'
import type { BoardSpec } from '../environment/environment.ts'
import { createDriverContext, type ContextOptions } from './driver-context.ts'

/**
 * Switches a board off by its switch alone: nothing else of it is opened.
 * @returns what the switch was before; `undefined` of a board without a switch: an emulated one, which is off without us
 * @throws what the switch throws
 */
export async function switchBoardOff(
  { name, hardware, timeouts }: BoardSpec,
  options: ContextOptions,
): Promise<PowerState | undefined> {
  if (!('power' in hardware)) return undefined
  using t = startDeadline(timeouts.release, `switching ${name} off`)
  const undo = new UndoStack()
  try {
    const context = await createDriverContext(name, options, undo)
    const power = await hardware.power.driver.open(hardware.power.options, context, t)
    const before = await power.state(t)
    if (before !== 'off') await switchOff(power, t)
    return before
  } finally {
    await undo.run()
  }
}
