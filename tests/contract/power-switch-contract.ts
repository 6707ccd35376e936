import assert from 'node:assert/strict'
import { cyclePower, switchOff, switchOn } from '../../src/board/cycle-power.ts'
import type { PowerSwitch } from '../../src/board/power-switch.ts'
import { startDeadline, type Deadline } from '../../src/core/deadline.ts'
import { createTestContext, type TestContext } from '../support/driver-context.ts'
import { describeWith } from '../support/requirements.ts'

export interface PowerSwitchCase {
  readonly name: string
  readonly needs?: readonly string[]
  /** Whether `state` knows; a switch that can't be read back says `unknown`. */
  readonly readsBack: boolean
  /** A switch that is off. */
  readonly create: (context: TestContext, t: Deadline) => Promise<PowerSwitch>
  /** Whether there is power, asked of the outlet and not of the switch. */
  readonly hasPower: (context: TestContext) => Promise<boolean>
}

/** What every power switch has to do. A new driver is held to it by one more case. */
export function describePowerSwitch({
  name,
  needs = [],
  readsBack,
  create,
  hasPower,
}: PowerSwitchCase): void {
  describeWith(needs, `The power switch "${name}"`, () => {
    let context: TestContext
    let t: Deadline
    let power: PowerSwitch

    beforeEach(async () => {
      t = startDeadline(10_000, 'test')
      context = await createTestContext()
      power = await create(context, t)
    })

    afterEach(async () => {
      await context.release()
      t[Symbol.dispose]()
    })

    const assertPower = async (wanted: 'on' | 'off') => {
      assert.equal(await hasPower(context), wanted === 'on')
      assert.equal(await power.state(t), readsBack ? wanted : 'unknown')
    }

    it('switches on and off', async () => {
      await power.on(t)
      await assertPower('on')
      await power.off(t)
      await assertPower('off')
    })

    it('stays on when it is on, and off when it is off', async () => {
      await power.off(t)
      await assertPower('off')
      await power.on(t)
      await power.on(t)
      await assertPower('on')
      await power.off(t)
      await power.off(t)
      await assertPower('off')
    })

    it('is confirmed by its read-back where it has one', async () => {
      await switchOn(power, t)
      await cyclePower(power, 0, t)
      await assertPower('on')
      await switchOff(power, t)
      await assertPower('off')
    })

    it('does nothing once the time is up', async () => {
      using over = startDeadline(0, 'no time')
      await assert.rejects(over.race(new Promise(() => undefined)))
      await assert.rejects(power.on(over), { code: 'deadline.exceeded' })
      await assertPower('off')
    })
  })
}
