import { z } from 'zod'
import { defineConsole } from '../../board/driver.ts'
import { path } from '../../board/option-types.ts'
import { realPath } from '../real-path.ts'
import { lineOptions } from './line-options.ts'

export const serialConsole = defineConsole({
  name: 'serial',
  summary: 'A serial port of this host, such as a USB adapter.',
  schema: z.strictObject({
    port: path('The port; best one of /dev/serial/by-id, which stays the same over reboots.'),
    ...lineOptions,
  }),
  resources: ({ port }) => [`serial:${realPath(port)}`],
  async open({ port, baud, ...settings }) {
    const { openSerial } = await import('../../transports/serial.ts')
    return openSerial({ path: port, baudRate: baud, ...settings })
  },
})
