import type { Deadline } from '../core/deadline.ts'
import { HilError } from '../core/errors.ts'
import type { PowerState, PowerSwitch } from './power-switch.ts'
import { setTimeout as wait } from 'node:timers/promises'

/** Switches on and reads the switch back. @throws HilError `power.disagrees` (infrastructure) */
export async function switchOn(power: PowerSwitch, t: Deadline): Promise<void> {
  await power.on(t)
  await confirm(power, 'on', t)
}

/** Switches off and reads the switch back. @throws HilError `power.disagrees` (infrastructure) */
export async function switchOff(power: PowerSwitch, t: Deadline): Promise<void> {
  await power.off(t)
  await confirm(power, 'off', t)
}

/**
 * Off, wait, on. The wait lets capacitors drain: a board that never really lost power keeps its
 * state, and nothing on the board says when it is done. It is the one wait by time in this project.
 * @param offTimeMs how long the board stays without power
 */
export async function cyclePower(power: PowerSwitch, offTimeMs: number, t: Deadline): Promise<void> {
  await switchOff(power, t)
  if (offTimeMs > 0) await t.race(wait(offTimeMs, undefined, { signal: t.signal }))
  await switchOn(power, t)
}

async function confirm(power: PowerSwitch, wanted: 'on' | 'off', t: Deadline): Promise<void> {
  const state = await power.state(t)
  if (state !== wanted && state !== 'unknown') throw powerDisagrees(wanted, state)
}

/** What a switch says is not what it was told. */
export function powerDisagrees(wanted: 'on' | 'off', state: PowerState): HilError {
  return new HilError('power.disagrees', `the power switch was told "${wanted}" and says "${state}"`, {
    blame: 'infrastructure',
    details: { wanted, state },
  })
}
