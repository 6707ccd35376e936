import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import type { RunEventBody } from '../../../../src/core/events.ts'
import { superviseRun, type Supervision } from '../../../../src/app/run/supervise-run.ts'

/** A supervised run, with what it told and the codes with which it wanted to end the process. */
async function supervised(work: (supervision: Supervision) => void | Promise<void>) {
  const notes: string[] = []
  const exits: number[] = []
  const emit = (event: RunEventBody) => {
    if (event.type === 'note') notes.push(`${event.level}: ${event.message}`)
  }
  using supervision = superviseRun({ emit, reserveMs: 20, exit: (code) => exits.push(code) })
  await work(supervision)
  return { notes, exits, interrupt: supervision.interrupt }
}

describe('a supervised run', () => {
  // Signals to this process would end mocha.
  let others: [name: NodeJS.Signals, listeners: NodeJS.SignalsListener[]][] = []
  beforeEach(() => {
    others = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((name) => [name, process.listeners(name)])
    for (const [name] of others) process.removeAllListeners(name)
  })
  afterEach(() => {
    for (const [name, listeners] of others) {
      assert.deepEqual(process.listeners(name), [], 'the listener is left behind')
      for (const listener of listeners) process.on(name, listener)
    }
  })

  it('is ended by the first signal, which is its reason', async () => {
    const { notes, exits, interrupt } = await supervised(() => void process.emit('SIGTERM'))
    assert.equal(interrupt.reason, 'SIGTERM')
    assert.deepEqual(notes, ['warning: SIGTERM: stopping; the boards are being released'])
    assert.deepEqual(exits, [])
  })

  it('takes a closed terminal for SIGTERM', async () => {
    assert.equal((await supervised(() => void process.emit('SIGHUP'))).interrupt.reason, 'SIGTERM')
  })

  it('has no more than the reserve for its release after a second signal', async () => {
    const codes: number[] = []
    const exited = new EventEmitter()
    const exit = (code: number) => {
      codes.push(code)
      exited.emit('exit')
    }
    using _supervision = superviseRun({ emit: () => undefined, reserveMs: 20, exit })
    process.emit('SIGINT')
    process.emit('SIGINT')
    assert.deepEqual(codes, [], 'the release still goes on')
    await once(exited, 'exit')
    assert.deepEqual(codes, [130])
  })

  it('ends at once with a third signal', async () => {
    const { exits, notes } = await supervised(() => {
      for (let count = 0; count < 3; count++) process.emit('SIGINT')
    })
    assert.deepEqual(exits, [130])
    assert.match(notes[1] ?? '', /^warning: SIGINT again: in 20 ms at most this ends/)
  })

  it('is ended by what nobody has caught, and calls it a bug', async () => {
    const before = process.listeners('uncaughtException')
    const { notes, interrupt } = await supervised((supervision) => {
      process.emit('uncaughtException', new TypeError('boom'))
      process.emit('uncaughtException', new TypeError('boom again'))
      assert.throws(
        () => {
          supervision.throwIfBroken()
        },
        { code: 'hil.uncaught', blame: 'hil', message: 'boom' },
      )
    })
    assert.deepEqual(notes, ['error: this is a bug in hil, the run ends: boom'])
    assert.ok(interrupt.aborted)
    assert.deepEqual(process.listeners('uncaughtException'), before)
  })
})
