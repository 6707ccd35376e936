import { defineMachine } from '../../board/driver.ts'
import { parseMemorySize } from '../../core/memory-size.ts'
import { qemuSchema } from './qemu/options.ts'

export const qemuMachine = defineMachine({
  name: 'qemu',
  summary:
    'An emulated board: QEMU as power switch and UART, with a user network and its built-in TFTP server.',
  schema: qemuSchema,
  resources: ({ drives }) => drives.filter(({ snapshot }) => !snapshot).map(({ path }) => `file:${path}`),
  memoryBytes: ({ memory }) => parseMemorySize(String(memory)),
  async open(options, context, t) {
    const { openQemu } = await import('./qemu/open.ts')
    return openQemu(options, context, t)
  },
})
