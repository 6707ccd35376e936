import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Deadline } from '../../src/core/deadline.ts'
import { startDeadline } from '../../src/core/deadline.ts'
import { modbusPower } from '../../src/drivers/power/modbus.ts'
import type { TestContext } from '../support/driver-context.ts'
import { startModbusRelays, type ModbusRelays } from '../support/power/modbus-relays.ts'
import { describeWith } from '../support/requirements.ts'
import { describePowerSwitch } from './power-switch-contract.ts'
import { startPty, type Pty } from './transport-cases.ts'

const server = '/usr/lib/python3/dist-packages/pymodbus/server/__init__.py'
const serial = '/usr/lib/python3/dist-packages/serial_asyncio/__init__.py'

/** @param place the options that say where the relays are */
function describeRelays(name: string, relays: () => ModbusRelays, place: () => object, more: object = {}) {
  const open = (options: object, context: TestContext, t: Deadline) =>
    modbusPower.open(modbusPower.schema.parse({ ...place(), unit: 7, ...options }), context, t)
  describePowerSwitch({
    name,
    readsBack: true,
    create: async (context, t) => {
      await relays().reset()
      return open({ coil: 3, ...more }, context, t)
    },
    hasPower: () => relays().isOn(3),
    wrongOutlet: { create: (context, t) => open({ coil: 8 }, context, t), code: 'power.no-outlet' },
    wrongPassword: { never: 'Modbus knows none' },
    hang: () => {
      relays().hang()
    },
    lie: () => relays().fail('lies'),
    fail: () => relays().fail('fails'),
  })
}

describeWith([server, serial], 'Modbus relays, with a real server', () => {
  let relays: ModbusRelays
  before(async () => {
    relays = await startModbusRelays()
  })
  after(() => relays[Symbol.asyncDispose]())

  const place = () => ({ host: '127.0.0.1', port: relays.port })
  describeRelays('modbus, TCP', () => relays, place)
  describeRelays('modbus, TCP, all coils read together', () => relays, place, { readCoils: 8 })
})

describeWith([server, serial, 'socat'], 'Modbus relays on a serial line, with a real server', () => {
  let relays: ModbusRelays
  let line: Pty
  let directory: string
  before(async () => {
    using t = startDeadline(10_000, 'the line')
    directory = await mkdtemp(join(tmpdir(), 'hil-line-'))
    line = await startPty(`PTY,rawer,link=${join(directory, 'far')}`, directory, t)
    relays = await startModbusRelays(join(directory, 'far'))
  })
  after(async () => {
    await relays[Symbol.asyncDispose]()
    await line.stop()
    await rm(directory, { recursive: true })
  })

  describeRelays(
    'modbus, RTU',
    () => relays,
    () => ({ serial: { port: line.path } }),
  )
})
