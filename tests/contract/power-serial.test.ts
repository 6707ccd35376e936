import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Driver } from '../../src/board/driver.ts'
import { startDeadline, type Deadline } from '../../src/core/deadline.ts'
import { lcusPower } from '../../src/drivers/power/lcus.ts'
import { modemLinePower } from '../../src/drivers/power/modem-line.ts'
import { numatoPower } from '../../src/drivers/power/numato.ts'
import { shareLines, type ModemLines } from '../../src/transports/serial/modem-lines.ts'
import { createTestContext, type TestContext } from '../support/driver-context.ts'
import { askPdudaemon } from '../support/power/peers.ts'
import { lcus, numato, startRelayBoard, type RelayBoard } from '../support/power/relay-boards.ts'
import { describeWith } from '../support/requirements.ts'
import { describePowerSwitch, type PowerSwitchCase } from './power-switch-contract.ts'

const boards = new WeakMap<TestContext, RelayBoard>()
const boardOf = (context: TestContext) => boards.get(context) ?? assert.fail('no board')

const open = (driver: Driver<'power'>, options: object, context: TestContext, t: Deadline) =>
  driver.open(driver.schema.parse({ port: boardOf(context).port, ...options }), context, t)

const silent = { code: 'power.timeout', blame: 'infrastructure' }

const faults: Pick<PowerSwitchCase, 'needs' | 'wrongPassword' | 'hang' | 'lie'> = {
  needs: ['socat'],
  wrongPassword: { never: 'it asks for none' },
  hang: (context) => (boardOf(context).mode = 'hangs'),
  lie: (context) => (boardOf(context).mode = 'lies'),
}

describePowerSwitch({
  name: 'numato',
  readsBack: true,
  create: async (context, t) => {
    boards.set(context, await startRelayBoard(numato, context, t))
    return open(numatoPower, { relay: 10, relays: 16 }, context, t)
  },
  hasPower: (context) => Promise.resolve(boardOf(context).relays.get(10) === true),
  wrongOutlet: { never: 'the environment says how many relays there are' },
  ...faults,
  fail: (context) => (boardOf(context).mode = 'fails'),
})

for (const readsBack of [true, false]) {
  describePowerSwitch({
    name: `lcus, ${readsBack ? 'that tells' : 'that is silent'}`,
    readsBack,
    create: async (context, t) => {
      boards.set(context, await startRelayBoard(lcus, context, t))
      return open(lcusPower, { relay: 3, readsBack }, context, t)
    },
    // The board has its bytes a moment after we have written them.
    hasPower: async (context) => {
      await new Promise((resolve) => setTimeout(resolve, 10))
      return boardOf(context).relays.get(3) === true
    },
    wrongOutlet: readsBack
      ? {
          create: (context, t) => open(lcusPower, { relay: 7, readsBack, timeout: '0.3s' }, context, t),
          ...silent,
        }
      : { never: 'it is silent' },
    ...faults,
    ...(readsBack ? {} : { hang: { never: 'it is silent, and all that is sent to it is on the line' } }),
    fail: { never: 'it knows no errors' },
  })
}

describeWith(['socat', 'power-peers'], 'The stand-in of numato', () => {
  it("is switched by pdudaemon's NumatoUSB16", async () => {
    using t = startDeadline(60_000, 'test')
    const context = await createTestContext()
    const board = await startRelayBoard(numato, context, t)
    const place = { host: 'numato', port: 11, settings: { device: board.port } }
    for (const action of ['on', 'off'] as const) {
      await askPdudaemon('numatousb', 'NumatoUSB16', place, action)
      assert.equal(board.relays.get(10), action === 'on')
    }
    await context.release()
  })
})

describeWith(['socat'], 'Boards on relays of one line', () => {
  it('are switched at the same time, each in its turn', async () => {
    using t = startDeadline(20_000, 'test')
    const context = await createTestContext()
    boards.set(context, await startRelayBoard(numato, context, t))
    const relays = [0, 1, 2, 3, 4, 5, 6, 7]
    const switches = await Promise.all(relays.map((relay) => open(numatoPower, { relay }, context, t)))
    await Promise.all(switches.map((power) => power.on(t)))
    assert.deepEqual(
      await Promise.all(switches.map((power) => power.state(t))),
      relays.map(() => 'on'),
    )
    assert.equal(boardOf(context).relays.size, relays.length)
    await context.release()
  })

  it('wait for another process that has the line', async () => {
    using t = startDeadline(20_000, 'test')
    const context = await createTestContext()
    boards.set(context, await startRelayBoard(numato, context, t))
    const { port } = boardOf(context)
    const power = await open(numatoPower, { relay: 1 }, context, t)
    const other = spawn('sh', ['-c', `exec 3<>${port}; echo has it; read -r _`], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    await once(other.stdout, 'data')
    const switched = power.on(t)
    other.stdin.end('\n')
    await switched
    assert.equal(boardOf(context).relays.get(1), true)
    await context.release()
  })
})

describe('A line of a serial port', () => {
  let context: TestContext
  let t: Deadline
  beforeEach(async () => {
    t = startDeadline(10_000, 'test')
    context = await createTestContext()
  })
  afterEach(async () => {
    await context.release()
    t[Symbol.dispose]()
  })

  const openLine = (options: object) => modemLinePower.open(modemLinePower.schema.parse(options), context, t)

  it('is switched on the port of the console while that is open, and leaves the other line alone', async () => {
    const seen: ModemLines[] = []
    const port = { set: (lines: ModemLines) => Promise.resolve(void seen.push(lines)) }
    using _ = shareLines('/dev/ttyFAKE7', port, { dtr: true, rts: true })
    const power = await openLine({ port: '/dev/ttyFAKE7', line: 'dtr' })
    const reset = await openLine({ port: '/dev/ttyFAKE7', line: 'rts', inverted: true })
    await power.off(t)
    await reset.on(t)
    await power.on(t)
    assert.deepEqual(seen, [
      { dtr: false, rts: true },
      { dtr: false, rts: false },
      { dtr: true, rts: false },
    ])
    assert.equal(await power.state(t), 'unknown')
  })

  it('names a port that is not there', async () => {
    const power = await openLine({ port: '/dev/ttyFAKE8', line: 'dtr' })
    await assert.rejects(power.on(t), { code: 'transport.no-port', blame: 'environment' })
  })

  it('says so where a port has no lines, which a pty has not', async function () {
    const board = await startRelayBoard(lcus, context, t)
    const power = await openLine({ port: board.port, line: 'rts' })
    await assert.rejects(power.on(t), { code: 'transport.no-modem-lines', blame: 'environment' })
  })
})
