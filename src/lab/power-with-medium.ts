import type { PowerSwitch } from '../board/power-switch.ts'
import type { Storage } from '../board/storage.ts'

/** A board gets its memory card back before it gets power: what a run before has left with this machine too. */
export function powerWithMedium(power: PowerSwitch, storage: Storage | undefined): PowerSwitch {
  if (storage?.needsPowerOff !== true) return power
  return {
    on: async (t) => {
      if ((await power.state(t)) !== 'on' && (await storage.side(t)) !== 'board')
        await storage.switchTo('board', t)
      await power.on(t)
    },
    off: (t) => power.off(t),
    state: (t) => power.state(t),
  }
}
