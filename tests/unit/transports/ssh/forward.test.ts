import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { PassThrough, type Duplex } from 'node:stream'
import { startDeadline } from '../../../../src/core/deadline.ts'
import type { SshConnection } from '../../../../src/transports/ssh/connection.ts'
import { forwardTo } from '../../../../src/transports/ssh/forward.ts'

describe('A forwarded port', () => {
  it('leaves nothing open at the other machine for who is gone before that is reached', async () => {
    using t = startDeadline(5000, 'the test')
    let reached: (channel: Duplex) => void = () => undefined
    let ask: () => void = () => undefined
    const asked = new Promise<void>((resolve) => (ask = resolve))
    const connection = {
      isOpen: true,
      client: () => Promise.resolve(),
      onLost: () => ({ [Symbol.dispose]: () => undefined }),
      openTcp: () => {
        ask()
        return new Promise((resolve) => (reached = resolve))
      },
    }
    const target = { host: '127.0.0.1', port: 80 }
    const forward = await forwardTo(connection as unknown as SshConnection, target, t)
    const client = connect(forward).on('error', () => undefined)
    await t.race(asked)
    await forward.close()
    // The port is closed a moment before its connections have said that they are.
    await Promise.all([once(client, 'close'), new Promise(setImmediate)])
    const channel = new PassThrough()
    const closed = once(channel, 'close')
    reached(channel)
    await t.race(closed)
    assert.ok(channel.destroyed)
    client.destroy()
  })
})
