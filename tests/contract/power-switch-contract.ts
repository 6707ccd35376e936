import assert from 'node:assert/strict'
import { cyclePower, switchOff, switchOn } from '../../src/board/cycle-power.ts'
import type { PowerSwitch } from '../../src/board/power-switch.ts'
import { now } from '../../src/core/clock.ts'
import { startDeadline, type Deadline } from '../../src/core/deadline.ts'
import { leaveOut } from '../support/contract-summary.ts'
import { createTestContext, type TestContext } from '../support/driver-context.ts'
import { describeWith, requirement } from '../support/requirements.ts'

type Create = (context: TestContext, t: Deadline) => Promise<PowerSwitch>

/** What is wrong, and the error that says so. */
export interface Wrong {
  readonly create: Create
  readonly code: string
  /** @default environment */
  readonly blame?: string
}

/** Why something can't go wrong with a switch. */
interface Never {
  readonly never: string
}

export interface PowerSwitchCase {
  readonly name: string
  readonly needs?: readonly string[]
  /** Whether `state` knows; a switch that can't be read back says `unknown`. */
  readonly readsBack: boolean
  /** A switch that is off. */
  readonly create: Create
  /** Whether there is power, asked of the outlet and not of the switch. */
  readonly hasPower: (context: TestContext) => Promise<boolean>
  /** An outlet that is not there. */
  readonly wrongOutlet: Wrong | Never
  readonly wrongPassword: Wrong | Never
  /** From now on the device does not answer. */
  readonly hang: ((context: TestContext) => unknown) | Never
  /** From now on the device says that it switches, and does not. */
  readonly lie: ((context: TestContext) => unknown) | Never
  /** From now on the device answers as if all were well, but with an error. */
  readonly fail: ((context: TestContext) => unknown) | Never
}

/** What became of the hanging of each driver: done, or why it can't hang, or what this machine lacks to try. */
export const hangs = new Map<string, 'not yet' | 'done' | { readonly why: string }>()

function expectHang({ name, needs = [], hang }: PowerSwitchCase): void {
  const driver = driverOf(name)
  const lack = needs.map(requirement).find(({ available }) => !available)
  if (hangs.get(driver) === 'not yet') return
  if (lack !== undefined) hangs.set(driver, { why: lack.reason })
  else hangs.set(driver, isNever(hang) ? { why: hang.never } : 'not yet')
}

/** `mqtt, without state` is a case of the driver mqtt. */
function driverOf(name: string): string {
  return name.split(',')[0] ?? name
}

/** What every power switch has to do. A new driver is held to it by one more case. */
export function describePowerSwitch(one: PowerSwitchCase): void {
  const { name, needs = [], readsBack, create, hasPower } = one
  expectHang(one)
  describeWith(needs, `The power switch "${name}"`, function () {
    const omit = (title: string, reason: string) => leaveOut(this, title, reason)
    let context: TestContext
    let t: Deadline
    let power: PowerSwitch

    beforeEach(async () => {
      t = startDeadline(30_000, 'test')
      context = await createTestContext({ secret: (reference) => Promise.resolve(secretOf(reference)) })
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

    it('keeps the board without power for the off time of a cycle', async () => {
      await power.on(t)
      const offTimeMs = 200
      const cycle = watch(cyclePower(power, offTimeMs, t))
      const gap = await longestGap(() => hasPower(context), cycle)
      await cycle.work
      assert.ok(gap >= offTimeMs, `it was without power for ${gap} ms at most`)
      await assertPower('on')
    })

    it('does nothing once the time is up', async () => {
      using over = startDeadline(0, 'no time')
      await assert.rejects(over.race(new Promise(() => undefined)))
      await assert.rejects(power.on(over), { code: 'deadline.exceeded' })
      await assertPower('off')
    })

    const itMay = <Way>(title: string, way: Way | Never, test: (way: Way) => Promise<void>) => {
      if (isNever(way)) return omit(title, way.never)
      it(title, () => test(way))
    }

    itMay('names an outlet that is not there', one.wrongOutlet, (wrong) => assertWrong(wrong))
    itMay('names a password that is wrong', one.wrongPassword, (wrong) => assertWrong(wrong))

    const assertWrong = async ({ create: createWrong, code, blame = 'environment' }: Wrong) => {
      const wrong = await createWrong(context, t)
      await assert.rejects(wrong.on(t), { code, blame })
      await assert.rejects(wrong.off(t), { code, blame })
      if (readsBack) await assert.rejects(wrong.state(t), { code, blame })
      await assertPower('off')
    }

    itMay('waits for a device that hangs no longer than it was given', one.hang, async (hang) => {
      await hang(context)
      const calls = [
        power.on.bind(power),
        power.off.bind(power),
        ...(readsBack ? [power.state.bind(power)] : []),
      ]
      for (const call of calls) {
        using short = startDeadline(300, 'little time')
        const startedAt = now()
        await assert.rejects(call(short), ({ code, blame }: { code: string; blame: string }) => {
          assert.ok(signsOfHanging.includes(code), code)
          return blame === 'infrastructure'
        })
        assert.ok(now() - startedAt < 10_000)
      }
      hangs.set(driverOf(name), 'done')
    })

    itMay('is not believed when it lies', one.lie, async (lie) => {
      await lie(context)
      if (readsBack)
        await assert.rejects(switchOn(power, t), { code: 'power.disagrees', blame: 'infrastructure' })
      else await switchOn(power, t)
      assert.equal(await hasPower(context), false)
    })

    itMay('takes no error for success, however it is dressed', one.fail, async (fail) => {
      await fail(context)
      await assert.rejects(switchOn(power, t), { blame: 'infrastructure' })
      assert.equal(await hasPower(context), false)
    })
  })
}

/** A device whose queue of connections is full refuses the next. */
const signsOfHanging = ['power.timeout', 'tool.timeout', 'deadline.exceeded', 'power.unreachable']

/** In tests a reference holds the secret: `{ env: 'hunter2' }`. */
export function secretOf(reference: { env: string } | { file: string }): string {
  return 'env' in reference ? reference.env : reference.file
}

function isNever(way: unknown): way is Never {
  return typeof way === 'object' && way !== null && 'never' in way
}

interface Watched {
  readonly work: Promise<void>
  isDone: boolean
}

function watch(work: Promise<void>): Watched {
  const watched = { work, isDone: false }
  const end = () => {
    watched.isDone = true
  }
  work.then(end, end)
  return watched
}

/** At most how long there was no power while something was done: from the last look with power to the first with it again. */
async function longestGap(hasPower: () => Promise<boolean>, watched: Watched): Promise<number> {
  let lastOn = now()
  let longest = 0
  while (true) {
    const { isDone } = watched
    const startedAt = now()
    if (await hasPower()) {
      longest = Math.max(longest, now() - lastOn)
      lastOn = startedAt
    }
    if (isDone) return longest
    await new Promise(setImmediate)
  }
}
