import { z } from 'zod'
import { defineConsole } from '../../board/driver.ts'
import { serialPort } from '../../board/option-types.ts'
import { portDevice } from '../port-device.ts'
import { lineOptions } from './line-options.ts'

export const serialConsole = defineConsole({
  name: 'serial',
  summary: 'A serial port of this host, such as a USB adapter.',
  schema: z.strictObject({
    port: serialPort('The port.').meta({ examples: ['usb:A50285BI'] }),
    ...lineOptions,
  }),
  resources: ({ port }) => [`serial:${portDevice(port)}`],
  async open({ port, baud, ...settings }) {
    const { openSerial } = await import('../../transports/serial.ts')
    return openSerial({ path: port, baudRate: baud, ...settings })
  },
})
