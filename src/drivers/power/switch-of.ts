import type { PowerSwitch } from '../../board/power-switch.ts'
import type { Deadline } from '../../core/deadline.ts'

/**
 * A power switch of the two things one can do with an outlet.
 * @param isOn `undefined` where the outlet does not say
 */
export function switchOf(
  set: (on: boolean, t: Deadline) => Promise<unknown>,
  isOn: (t: Deadline) => Promise<boolean | undefined>,
): PowerSwitch {
  return {
    async on(t) {
      await set(true, t)
    },
    async off(t) {
      await set(false, t)
    },
    async state(t) {
      const on = await isOn(t)
      if (on === undefined) return 'unknown'
      return on ? 'on' : 'off'
    },
  }
}
