import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import type { PowerSwitch } from '../../board/power-switch.ts'
import type { Deadline } from '../../core/deadline.ts'

export const manualPower = definePowerSwitch({
  name: 'manual',
  summary: 'Asks the person at the terminal to move a switch or a plug; there has to be one.',
  schema: z.strictObject({
    on: z.string().min(1).optional().describe('What to ask for instead of "Switch the power of NAME on".'),
    off: z.string().min(1).optional().describe('What to ask for instead of "Switch the power of NAME off".'),
  }),
  open({ on, off }, { board, ask }) {
    const request = async (question: string, t: Deadline) => {
      t.throwIfOver()
      await t.race(ask(question, t))
    }
    const power: PowerSwitch = {
      on: (t) => request(on ?? `Switch the power of ${board} on`, t),
      off: (t) => request(off ?? `Switch the power of ${board} off`, t),
      state: () => Promise.resolve('unknown'),
    }
    return Promise.resolve(power)
  },
})
