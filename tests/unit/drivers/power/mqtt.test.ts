import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { startDeadline } from '../../../../src/core/deadline.ts'
import { mqttPower } from '../../../../src/drivers/power/mqtt.ts'
import { createTestContext } from '../../../support/driver-context.ts'

/** MQTT 3.1.1, 3.2: "you are connected". */
const connack = Uint8Array.of(0x20, 2, 0, 0)

describe('A power switch behind a broker', () => {
  it('says that the broker went away in the middle of a question, which is no bug of hil', async () => {
    using t = startDeadline(10_000, 'test')
    const context = await createTestContext()
    const broker = createServer((socket) => {
      socket.once('data', () => {
        socket.write(connack)
        // The next thing is the subscription.
        socket.once('data', () => socket.destroy())
      })
      socket.on('error', () => undefined)
    }).listen(0, '127.0.0.1')
    await once(broker, 'listening')
    try {
      const { port } = broker.address() as AddressInfo
      const options = { broker: `mqtt://127.0.0.1:${port}`, topic: 'plug/set' }
      const state = { topic: 'plug', on: 'ON', off: 'OFF' }
      const power = await mqttPower.open(mqttPower.schema.parse({ ...options, state }), context, t)
      await assert.rejects(power.state(t), {
        code: 'power.unreachable',
        blame: 'infrastructure',
        message: /^the device of plug\/set at 127\.0\.0\.1:\d+ can't be reached: /,
      })
    } finally {
      broker.close()
      await context.release()
    }
  })
})
