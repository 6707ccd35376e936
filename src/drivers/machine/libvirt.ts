import { z } from 'zod'
import { defineMachine } from '../../board/driver.ts'
import { localToolOptions } from '../tool/options.ts'
import { domainOptions, domainResource } from '../tool/virsh.ts'

export const libvirtSchema = z.strictObject({
  ...domainOptions,
  console: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Which of its consoles or serial ports, by its alias, such as serial1; the first one if absent.',
    ),
  ...localToolOptions('virsh'),
})

export const libvirtMachine = defineMachine({
  name: 'libvirt',
  summary:
    'A virtual machine of libvirt, as power switch and UART in one, by virsh: its console is there before it runs.',
  schema: libvirtSchema,
  resources: (options) => [domainResource(options)],
  async open(options, context, t) {
    const { openLibvirt } = await import('./libvirt/open.ts')
    return openLibvirt(options, context, t)
  },
})
