import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { serialPort } from '../../board/option-types.ts'
import type { Deadline } from '../../core/deadline.ts'
import { portDevice } from '../port-device.ts'

export const modemLinePower = definePowerSwitch({
  name: 'modem-line',
  summary:
    'DTR or RTS of a serial port, wired to a relay, or to the reset or recovery pin of the board; the port may be that of the console.',
  unverified: 'its lines were never seen to move: no port here has any',
  schema: z.strictObject({
    port: serialPort('The serial port.').meta({
      examples: ['/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0'],
    }),
    line: z.enum(['dtr', 'rts']).describe('Which of its lines.'),
    inverted: z
      .boolean()
      .default(false)
      .describe(
        'Whether on is the line released. Linux asserts both lines when it opens a port: best let that be on, or no harm.',
      ),
  }),
  resources: ({ port, line }) => [`serial:${portDevice(port)}`, `outlet:${portDevice(port)}/${line}`],
  open({ port, line, inverted }, { undo }) {
    const set = async (on: boolean, t: Deadline) => {
      t.throwIfOver()
      const { isOpenHere, setLine } = await import('../../transports/serial/modem-lines.ts')
      const device = portDevice(port)
      if (!isOpenHere(device)) {
        const { openSerial } = await import('../../transports/serial.ts')
        // The line has to stay as it is when the run is over.
        const hold = openSerial({ ...lineSettings, path: port, keepLines: true })
        const held = await hold({ data: () => undefined, closed: () => undefined })
        undo.defer(`closing ${port}`, () => held.close())
      }
      await t.race(setLine(device, line, on !== inverted))
    }
    return Promise.resolve({
      on: (t) => set(true, t),
      off: (t) => set(false, t),
      // Linux tells what a line was told, which proves nothing.
      state: () => Promise.resolve('unknown'),
    })
  },
})

const lineSettings = {
  baudRate: 9600,
  dataBits: 8,
  parity: 'none',
  stopBits: 1,
  flowControl: 'none',
} as const
