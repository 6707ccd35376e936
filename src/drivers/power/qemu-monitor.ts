import { z } from 'zod'
import { definePowerSwitch } from '../../board/driver.ts'
import { path } from '../../board/option-types.ts'
import { realPath } from '../real-path.ts'
import { timeoutOption } from './exchange.ts'

export const qemuMonitorPower = definePowerSwitch({
  name: 'qemu-monitor',
  summary:
    'A QEMU that somebody else runs, by its QMP socket: off is stopped and reset, on is running. Start it with -S and -no-shutdown.',
  schema: z.strictObject({
    socket: path('The Unix socket of its monitor, as in -qmp unix:SOCKET,server=on,wait=off.'),
    timeout: timeoutOption,
  }),
  resources: ({ socket }) => [`machine:${realPath(socket)}`],
  async open(options) {
    const { createMonitorSwitch } = await import('./qemu-monitor/monitor-switch.ts')
    return createMonitorSwitch(options)
  },
})
