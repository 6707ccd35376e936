import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { definePowerSwitch, type Driver } from '../../src/board/driver.ts'
import { now } from '../../src/core/clock.ts'
import { startDeadline, type Deadline } from '../../src/core/deadline.ts'
import { buttonPower } from '../../src/drivers/power/button.ts'
import { commandPower } from '../../src/drivers/power/command.ts'
import { sequencePower } from '../../src/drivers/power/sequence.ts'
import { createTestContext, type TestContext } from '../support/driver-context.ts'
import { describePowerSwitch, type PowerSwitchCase } from './power-switch-contract.ts'

const switches: readonly Driver<'power'>[] = [commandPower]
const sequence = sequencePower(switches)
const button = buttonPower(switches)

/** Parts are commands that switch files; `log` has what was switched, in order. */
const place = ({ temporaryDirectory }: TestContext, name: string) => join(temporaryDirectory, name)
const isOn = async (context: TestContext, name: string) =>
  (await readFile(place(context, name), 'utf8').catch(() => 'off')).trim() === 'on'
const log = async (context: TestContext) =>
  (await readFile(place(context, 'log'), 'utf8').catch(() => '')).trim().split('\n')

function part(context: TestContext, name: string) {
  const [file, mode] = [place(context, name), place(context, `mode-${name}`)]
  const to = (state: string) =>
    `case "$(cat ${mode} 2>/dev/null)" in hang) exec sleep 74.1;; fail) echo stuck >&2; exit 4;; lie) ;; *) echo ${state} > ${file}; echo ${name} ${state} >> ${place(context, 'log')};; esac`
  const status = `case "$(cat ${mode} 2>/dev/null)" in hang) exec sleep 74.2;; esac; test "$(cat ${file} 2>/dev/null)" = on`
  return { driver: 'command', on: to('on'), off: to('off'), status }
}
const misbehave = (context: TestContext, name: string, how: string) =>
  writeFile(place(context, `mode-${name}`), how)

const common: Pick<PowerSwitchCase, 'wrongOutlet' | 'wrongPassword'> = {
  wrongOutlet: { never: 'a matter of its parts' },
  wrongPassword: { never: 'a matter of its parts' },
}

describePowerSwitch({
  name: 'sequence',
  readsBack: true,
  create: (context, t) => {
    const rails = ['core', 'io'].map((name) => ({ power: part(context, name), delay: '5ms' }))
    return sequence.open(sequence.schema.parse({ rails }), context, t)
  },
  hasPower: async (context) => (await isOn(context, 'core')) && (await isOn(context, 'io')),
  ...common,
  hang: (context) => misbehave(context, 'core', 'hang').then(() => misbehave(context, 'io', 'hang')),
  lie: (context) => misbehave(context, 'io', 'lie'),
  fail: (context) => misbehave(context, 'io', 'fail'),
})

/** A board behind a power button: a short press of a board that is off starts it, a long one stops it. */
async function startBoard(context: TestContext): Promise<object> {
  const [pressedAt, power] = [place(context, 'pressed-at'), place(context, 'power')]
  const on = `date +%s%3N > ${pressedAt}; echo on > ${place(context, 'button')}`
  const release = [
    `test -e ${pressedAt} || exit 0`,
    `test "$(cat ${place(context, 'mode-button')} 2>/dev/null)" = lie && exit 0`,
    `held=$(( $(date +%s%3N) - $(cat ${pressedAt}) )); rm ${pressedAt}; echo off > ${place(context, 'button')}`,
    `if [ $held -ge 600 ]; then echo off > ${power}; else echo on > ${power}; fi; echo "$held ms" >> ${place(context, 'log')}`,
  ].join('; ')
  const hang = (command: string) =>
    `test "$(cat ${place(context, 'mode-button')} 2>/dev/null)" = hang && exec sleep 74.3; test "$(cat ${place(context, 'mode-button')} 2>/dev/null)" = fail && exit 4; ${command}`
  await mkdir(context.temporaryDirectory, { recursive: true })
  return { driver: 'command', on: hang(on), off: hang(release) }
}

for (const senses of [true, false]) {
  describePowerSwitch({
    name: `button, power, ${senses ? 'with' : 'without'} sense`,
    readsBack: senses,
    create: async (context, t) => {
      const sense = { ...part(context, 'power'), on: 'false', off: 'false' }
      const options = {
        ...{ button: await startBoard(context), press: '20ms', hold: '640ms' },
        ...(senses ? { sense } : {}),
      }
      return button.open(button.schema.parse(options), context, t)
    },
    hasPower: (context) => isOn(context, 'power'),
    ...common,
    hang: async (context) => {
      await misbehave(context, 'button', 'hang')
      await misbehave(context, 'power', 'hang')
    },
    lie: (context) => misbehave(context, 'button', 'lie'),
    fail: (context) => misbehave(context, 'button', 'fail'),
  })
}

describePowerSwitch({
  name: 'button, reset',
  readsBack: true,
  create: async (context, t) => {
    await writeFile(place(context, 'reset'), 'on')
    return button.open(button.schema.parse({ kind: 'reset', button: part(context, 'reset') }), context, t)
  },
  hasPower: async (context) => !(await isOn(context, 'reset')),
  ...common,
  hang: (context) => misbehave(context, 'reset', 'hang'),
  lie: (context) => misbehave(context, 'reset', 'lie'),
  fail: (context) => misbehave(context, 'reset', 'fail'),
})

describe('Switches made of others', () => {
  let context: TestContext
  let t: Deadline
  beforeEach(async () => {
    t = startDeadline(20_000, 'test')
    context = await createTestContext()
  })
  afterEach(async () => {
    await context.release()
    t[Symbol.dispose]()
  })

  const rails = (delay: string) => ({
    rails: ['core', 'io', 'usb'].map((name) => ({ power: part(context, name), delay })),
  })

  it('switch rails on in order and off in reverse, with the delays between them', async () => {
    const power = await sequence.open(sequence.schema.parse(rails('60ms')), context, t)
    const startedAt = now()
    await power.on(t)
    assert.ok(now() - startedAt >= 120)
    await power.off(t)
    assert.ok(now() - startedAt >= 240)
    assert.deepEqual(await log(context), ['core on', 'io on', 'usb on', 'usb off', 'io off', 'core off'])
  })

  it('take back what they have switched on when a rail does not come', async () => {
    await misbehave(context, 'usb', 'fail')
    const power = await sequence.open(sequence.schema.parse(rails('0s')), context, t)
    await assert.rejects(power.on(t), { code: 'power.command-failed', message: /stuck/ })
    assert.equal(await isOn(context, 'core'), false)
    assert.equal(await isOn(context, 'io'), false)
  })

  it('take back what they have switched on also when the time is up, in a time of its own', async () => {
    const { power, log } = await recorded(['core', 'io'], '1min')
    using short = startDeadline(50, 'little time')
    await assert.rejects(power.on(short), { code: 'deadline.exceeded' })
    assert.deepEqual(log, ['core on', 'io off', 'core off'])
    assert.deepEqual(context.logged, [])
  })

  it('say why a rail is still on', async () => {
    const { power } = await recorded(['stuck', 'jammed'], '0s')
    await assert.rejects(power.on(t), /jammed/)
    assert.match(context.logged.join(), /still on.*it is stuck/)
  })

  it('switch off what can be when a rail does not go off, or the time is up', async () => {
    const { power, log } = await recorded(['core', 'io', 'stuck', 'usb'], '0s')
    await assert.rejects(power.off(t), /stuck/)
    assert.deepEqual(log, ['usb off', 'io off', 'core off'])
    const slow = await recorded(['core', 'io', 'usb'], '1min')
    using short = startDeadline(50, 'little time')
    await assert.rejects(slow.power.off(short), { code: 'deadline.exceeded' })
    assert.deepEqual(slow.log, ['usb off', 'io off', 'core off'])
    // Once the time is up before it begins, it does not begin.
    await assert.rejects(slow.power.off(short), { code: 'deadline.exceeded' })
    await assert.rejects(slow.power.on(short), { code: 'deadline.exceeded' })
    assert.equal(slow.log.length, 3)
    assert.deepEqual(context.logged, [])
  })

  /** Rails in memory, and what they were told. One that is jammed does not go on, one that is stuck not off. */
  const recorded = async (names: readonly string[], delay: string) => {
    const log: string[] = []
    const driver = recordingSwitch(log)
    const inMemory = sequencePower([driver])
    const rails = names.map((name) => ({ power: { driver: driver.name, name }, delay }))
    return { power: await inMemory.open(inMemory.schema.parse({ rails }), context, t), log }
  }

  it('do not know the state of rails that differ', async () => {
    const power = await sequence.open(sequence.schema.parse(rails('0s')), context, t)
    await power.on(t)
    await writeFile(place(context, 'io'), 'off')
    assert.equal(await power.state(t), 'unknown')
  })

  it('let go of a button when the time is up', async () => {
    const options = { button: part(context, 'button'), hold: '10s' }
    const power = await button.open(button.schema.parse(options), context, t)
    using short = startDeadline(500, 'little time')
    await assert.rejects(power.off(short), { code: 'deadline.exceeded' })
    assert.equal(await isOn(context, 'button'), false)
    assert.deepEqual(await log(context), ['button on', 'button off'])
  })

  it('hold for themselves what their parts hold', () => {
    const [core, io] = [part(context, 'core'), part(context, 'io')]
    const alone = commandPower.resources(commandPower.schema.parse(withoutDriver(core)))
    const both = sequence.resources(sequence.schema.parse({ rails: [{ power: io }, { power: core }] }))
    assert.ok(both.includes(alone[0] ?? ''))
    assert.equal(both.length, 2)
  })
})

function recordingSwitch(log: string[]) {
  return definePowerSwitch({
    name: 'recording',
    summary: 'A switch of a test.',
    schema: z.strictObject({ name: z.string() }),
    open: ({ name }) => {
      const tell = (action: string) => (t: Deadline) => {
        t.throwIfOver()
        if (name === 'jammed' && action === 'on') return Promise.reject(new Error('it is jammed'))
        if (name === 'stuck' && action === 'off') return Promise.reject(new Error('it is stuck'))
        log.push(`${name} ${action}`)
        return Promise.resolve()
      }
      return Promise.resolve({ on: tell('on'), off: tell('off'), state: () => Promise.resolve('unknown') })
    },
  })
}

function withoutDriver({ driver: _, ...options }: ReturnType<typeof part>) {
  return options
}
