import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { switchOff, switchOn } from '../../board/cycle-power.ts'
import { definePowerSwitch, type Driver, type DriverContext } from '../../board/driver.ts'
import { duration } from '../../board/option-types.ts'
import type { PowerState, PowerSwitch } from '../../board/power-switch.ts'
import { startDeadline, type Deadline } from '../../core/deadline.ts'
import { messageOf } from '../../core/errors.ts'
import { partsOf } from './part.ts'

interface Rail {
  readonly power: PowerSwitch
  readonly delayMs: number
}

/** @param switches what a sequence can be made of */
export function sequencePower(switches: readonly Driver<'power'>[]) {
  const parts = partsOf(switches)
  return definePowerSwitch({
    name: 'sequence',
    summary:
      'Several power switches in order, for boards with several rails: on one after the other, off in reverse.',
    schema: z.strictObject({
      rails: z
        .array(
          z.strictObject({
            power: parts.option('The switch of the rail.'),
            delay: duration(
              'How long to wait between this rail and the one before, on the way back too.',
            ).prefault('0s'),
          }),
        )
        .min(1)
        .describe('The rails, in the order in which they are switched on.'),
    }),
    resources: ({ rails }) => rails.flatMap(({ power }) => parts.resources(power)),
    parts: ({ rails }) => rails.map(({ power }) => parts.driverOf(power)),
    async open({ rails }, context, t) {
      const opened: Rail[] = []
      for (const { power, delay } of rails) {
        opened.push({ power: await parts.open(power, context, t), delayMs: delay })
      }
      return createSequence(opened, context.log)
    },
  })
}

/** What a rail has at least for being switched off again, in milliseconds: the time of the caller may be what ran out. */
const takeBackMs = 3000

function createSequence(rails: readonly Rail[], log: DriverContext['log']): PowerSwitch {
  const allOff = async (those: readonly Rail[], t: Deadline) => {
    for (const { power } of those.toReversed()) {
      using own = startDeadline(Math.max(t.remaining(), takeBackMs), 'switching a rail off again')
      await own.race(switchOff(power, own)).catch((error: unknown) => {
        log('a rail of a sequence that failed is still on', { reason: messageOf(error) })
      })
    }
  }
  const pause = async (ms: number, t: Deadline) => {
    if (ms > 0) await t.race(wait(ms, undefined, { signal: t.signal }))
  }
  return {
    // Each rail is read back at once: of all together one could not tell which disagrees.
    async on(t) {
      t.throwIfOver()
      for (const [index, { power, delayMs }] of rails.entries()) {
        try {
          if (index > 0) await pause(delayMs, t)
          await switchOn(power, t)
        } catch (error) {
          // Half of its power may harm a board. Why it is only half is what a person has to know.
          await allOff(rails.slice(0, index + 1), t)
          throw error
        }
      }
    },
    async off(t) {
      t.throwIfOver()
      for (const [index, { power, delayMs }] of [...rails.entries()].toReversed()) {
        try {
          await switchOff(power, t)
          if (index > 0) await pause(delayMs, t)
        } catch (error) {
          // A board that is to be off is left with as few rails as can be.
          await allOff(rails.slice(0, index), t)
          throw error
        }
      }
    },
    async state(t) {
      const states = new Set<PowerState>()
      for (const { power } of rails) states.add(await power.state(t))
      const [only = 'unknown', ...others] = states
      return others.length === 0 ? only : 'unknown'
    },
  }
}
