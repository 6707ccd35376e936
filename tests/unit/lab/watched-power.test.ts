import assert from 'node:assert/strict'
import type { PowerState } from '../../../src/board/power-switch.ts'
import { now } from '../../../src/core/clock.ts'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import { finishBy } from '../../../src/core/finish-by.ts'
import { WatchedPower } from '../../../src/lab/watched-power.ts'

describe('WatchedPower', () => {
  let t: Deadline
  let told: string[]
  let state: PowerState

  const inner = {
    on: () => Promise.resolve(void (state = 'on')),
    off: () => Promise.resolve(void (state = 'off')),
    state: () => Promise.resolve(state),
  }

  function watched(offTimeMs: number, power = inner): WatchedPower {
    return new WatchedPower('rock3a', power, offTimeMs, {
      switched: (action, ok) => told.push(`${action} ${ok}`),
      powering: () => told.push('about to switch on'),
    })
  }

  beforeEach(() => {
    t = startDeadline(5000, 'test')
    told = []
    state = 'off'
  })

  afterEach(() => {
    t[Symbol.dispose]()
  })

  it('tells what it does', async () => {
    const power = watched(0)
    await power.on(t)
    await power.off(t)
    assert.deepEqual(told, ['about to switch on', 'on true', 'off true'])
  })

  it('tells that the switch failed', async () => {
    const power = watched(0, { ...inner, on: () => Promise.reject(new Error('no answer')) })
    await assert.rejects(power.on(t), /no answer/)
    assert.deepEqual(told, ['about to switch on', 'on false'])
  })

  for (const asked of ['on', 'off', 'state'] as const) {
    it(`names the switch that hangs when asked for ${asked}, in time for who waits for it`, async () => {
      using short = t.within(50, 'rock3a: off -> bootloader')
      const power = watched(0, { ...inner, [asked]: () => new Promise<never>(() => undefined) })
      await assert.rejects(finishBy<unknown>(power[asked](short), short), {
        code: 'power.timeout',
        blame: 'infrastructure',
        message: /power switch of rock3a did not answer .*bootloader 50 ms/,
      })
      assert.equal(told.includes(`${asked} false`), asked !== 'state')
    })
  }

  it('leaves the word to a switch that says itself what it waited for', async () => {
    using short = t.within(50, 'test')
    const waits = () =>
      short.race(new Promise<never>(() => undefined)).catch(() => Promise.reject(new Error('no ACK')))
    await assert.rejects(watched(0, { ...inner, on: waits }).on(short), /^Error: no ACK/)
  })

  it('keeps the board without power for the off time, and no longer', async () => {
    let offAt = NaN
    const power = watched(60, { ...inner, off: () => Promise.resolve(void (offAt = now())) })
    await power.off(t)
    await power.on(t)
    const offFor = now() - offAt
    assert.ok(offFor >= 60, `${offFor} ms`)
  })

  it('does not wait to switch on what is on', async () => {
    const power = watched(60_000)
    state = 'on'
    await power.on(t)
    assert.deepEqual(told, ['about to switch on', 'on true'])
  })

  it('ends its wait with its deadline', async () => {
    using soon = t.within(20, 'soon')
    await assert.rejects(watched(60_000).on(soon), { code: 'deadline.exceeded' })
    assert.equal(state, 'off')
  })
})
