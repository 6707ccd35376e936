import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { serialPort } from '../../board/option-types.ts'
import { portDevice } from '../port-device.ts'
import { timeoutOption } from './exchange.ts'
import { switchOf } from './switch-of.ts'

const modbusSchema = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .optional()
      .describe('Name or address of a device that speaks Modbus TCP.')
      .meta({ examples: ['relays1'] }),
    port: z.int().min(1).max(65535).default(502).describe('TCP port of "host".'),
    serial: z
      .strictObject({
        port: serialPort('The serial port.'),
        baud: z.int().min(1).default(9600).describe('Speed in baud.'),
        parity: z.enum(['none', 'even', 'odd']).default('none').describe('Parity.'),
        stopBits: z.literal([1, 2]).default(1).describe('Stop bits.'),
      })
      .optional()
      .describe('The line of a device that speaks Modbus RTU, in place of "host".'),
    unit: z
      .int()
      .min(0)
      .max(255)
      .default(1)
      .describe('Number of the device behind that address (slave, unit identifier).'),
    coil: z
      .int()
      .min(0)
      .max(65535)
      .describe('The coil, as it is addressed: from 0. A relay labelled 1 mostly is coil 0.'),
    inverted: z.boolean().default(false).describe('Whether a coil that is set switches the power off.'),
    readCoils: z
      .int()
      .min(1)
      .max(2000)
      .optional()
      .describe(
        'Read that many coils together from coil 0, for boards that answer nothing else (Waveshare).',
      ),
    timeout: timeoutOption,
  })
  .superRefine(({ host, serial, coil, readCoils }, context) => {
    const complain = (key: string, message: string) => {
      context.addIssue({ code: 'custom', path: [key], message })
    }
    if (host !== undefined && serial !== undefined)
      complain('serial', '"host" and "serial" are two ways: take out one')
    if (host === undefined && serial === undefined)
      context.addIssue({
        code: 'custom',
        message: 'name a "host" (Modbus TCP) or a "serial" line (Modbus RTU)',
      })
    if (readCoils !== undefined && coil >= readCoils)
      complain('read-coils', `${readCoils} coils from 0 do not reach coil ${coil}`)
  })
  .meta({ examples: [{ host: 'relays1', coil: 3 }] })

export type ModbusOptions = z.output<typeof modbusSchema>

export const modbusPower = definePowerSwitch({
  name: 'modbus',
  summary: 'A relay that is a coil of a Modbus device, over TCP or a serial line (RTU).',
  schema: modbusSchema,
  resources: ({ host, port, serial, unit, coil }) => {
    const line = serial === undefined ? `${host?.toLowerCase()}:${port}` : portDevice(serial.port)
    return [`outlet:${line}/${unit}/${coil}`]
  },
  async open({ coil, inverted, readCoils, ...options }) {
    const { openModbus } = await import('./modbus/modbus-device.ts')
    const device = openModbus(options)
    return switchOf(
      (on, t) => device.writeCoil(coil, on !== inverted, t),
      async (t) => {
        const [first, count] = readCoils === undefined ? [coil, 1] : [0, readCoils]
        const coils = await device.readCoils(first, count, t)
        return coils[coil - first] !== inverted
      },
    )
  },
})
