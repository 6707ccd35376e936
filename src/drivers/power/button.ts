import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { switchOff, switchOn } from '../../board/cycle-power.ts'
import { definePowerSwitch, type Driver, type DriverContext } from '../../board/driver.ts'
import { duration } from '../../board/option-types.ts'
import type { PowerState, PowerSwitch } from '../../board/power-switch.ts'
import { startDeadline, type Deadline } from '../../core/deadline.ts'
import { messageOf } from '../../core/errors.ts'
import { partsOf } from './part.ts'

interface Buttons {
  readonly button: PowerSwitch
  readonly sense: PowerSwitch | undefined
  readonly pressMs: number
  readonly holdMs: number
}

const releaseMs = 10_000

/** @param switches what a button can be pressed by */
export function buttonPower(switches: readonly Driver<'power'>[]) {
  const parts = partsOf(switches)
  return definePowerSwitch({
    name: 'button',
    summary: 'A power or reset button that another switch presses: a relay or GPIO across its contacts.',
    schema: z.strictObject({
      button: parts.option('What presses the button: on is pressed.'),
      kind: z
        .enum(['power', 'reset'])
        .default('power')
        .describe(
          'power: a short press switches on, a long one off. reset: the button is pressed for as long as the board is to be off.',
        ),
      press: duration('How long a power button is pressed to switch on.').prefault('500ms'),
      hold: duration('How long a power button is pressed to force the power off.').prefault('6s'),
      sense: parts
        .option(
          'What tells whether the board has power: only its state is read, such as that of a power LED.',
        )
        .optional(),
    }),
    resources: ({ button, sense }) => [...parts.resources(button), ...(sense ? parts.resources(sense) : [])],
    parts: ({ button, sense }) => [button, sense].flatMap((part) => (part ? [parts.driverOf(part)] : [])),
    async open({ button, kind, press, hold, sense }, context, t) {
      const pressed = await parts.open(button, context, t)
      if (kind === 'reset') return createResetButton(pressed)
      const told = sense && (await parts.open(sense, context, t))
      return createPowerButton({ button: pressed, sense: told, pressMs: press, holdMs: hold }, context.log)
    },
  })
}

function createPowerButton(
  { button, sense, pressMs, holdMs }: Buttons,
  log: DriverContext['log'],
): PowerSwitch {
  /** What we did last; a board that was found in some state is held off first. */
  let done: 'on' | 'off' | undefined
  const state = async (t: Deadline): Promise<PowerState> => (sense === undefined ? 'unknown' : sense.state(t))

  const push = async (ms: number, t: Deadline) => {
    await switchOn(button, t)
    try {
      await t.race(wait(ms, undefined, { signal: t.signal }))
    } catch (error) {
      await letGo().catch((reason: unknown) => {
        log('the button is still pressed', { reason: messageOf(reason) })
      })
      throw error
    }
    await letGo()
  }
  /** In a time of its own: a button that stays pressed when time is up would be pressed for ever. */
  const letGo = async () => {
    using release = startDeadline(releaseMs, 'letting go of the power button')
    await switchOff(button, release)
  }
  /** What is known of the board: by its own word, or by ours. */
  const known = async (t: Deadline) => {
    const told = await state(t)
    return told === 'unknown' ? done : told
  }
  const off = async (t: Deadline) => {
    if ((await known(t)) === 'off') return
    done = undefined
    await push(holdMs, t)
    done = 'off'
  }
  return {
    off,
    async on(t) {
      const before = await known(t)
      if (before === 'on') return
      // A short press of a board that runs would ask it to shut down.
      if (before === undefined) await off(t)
      done = undefined
      await push(pressMs, t)
      done = 'on'
    },
    state,
  }
}

/** A board that is held in reset is as good as off. */
function createResetButton(button: PowerSwitch): PowerSwitch {
  return {
    on: (t) => button.off(t),
    off: (t) => button.on(t),
    async state(t) {
      const pressed = await button.state(t)
      if (pressed === 'unknown') return 'unknown'
      return pressed === 'on' ? 'off' : 'on'
    },
  }
}
