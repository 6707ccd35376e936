import { z } from 'zod'
import {
  defineBootloader,
  defineConsole,
  defineMachine,
  definePowerSwitch,
  defineShell,
  type Catalogue,
} from '../../src/board/driver.ts'
import { duration, path, secretReference, serialPort } from '../../src/board/option-types.ts'

/** Nothing is opened when an environment is read. */
const open = (): Promise<never> => Promise.reject(new Error('a driver of the test catalogue was opened'))

/** Two or three drivers of each kind, with every sort of option, so that tests do not follow the real ones. */
export const smallCatalogue: Catalogue = [
  defineMachine({
    name: 'qemu',
    summary: 'An emulated machine.',
    schema: z
      .strictObject({
        firmware: path('The bootloader image.').optional(),
        kernel: path('A kernel to start at once.').optional(),
        memory: z.union([z.string(), z.number().int()]).default(1024).describe('RAM in MiB.'),
        drives: z
          .array(z.strictObject({ path: path('The image.'), readonly: z.boolean().default(false) }))
          .default([]),
        network: z.union([z.literal(false), z.strictObject({ device: z.string() })]).optional(),
        uart: z.int().min(0).max(7).default(0).describe('Which UART is the console.'),
      })
      .superRefine(({ firmware, kernel }, context) => {
        if (firmware === undefined && kernel === undefined) {
          context.addIssue({ code: 'custom', message: 'nothing to boot: name a "firmware" or a "kernel"' })
        }
      }),
    open,
  }),
  defineMachine({
    name: 'simulator',
    summary: 'A board in this process.',
    schema: z.strictObject({
      autobootTimeout: z.int().default(3).describe('Seconds of countdown.'),
      linux: z.strictObject({ bootDelay: duration('Time to boot.').prefault('1s') }).prefault({}),
      faults: z
        .array(
          z.discriminatedUnion('fault', [
            z.strictObject({ fault: z.literal('silent'), after: z.number() }),
            z.strictObject({ fault: z.literal('garbled'), everyBytes: z.int() }),
          ]),
        )
        .default([]),
      files: z.record(z.string().startsWith('/'), z.string()).default({}),
    }),
    open,
  }),
  definePowerSwitch({
    name: 'command',
    summary: 'Two commands of yours.',
    schema: z.strictObject({
      on: z.string().min(1).describe('Command that switches on.'),
      off: z.string().min(1).describe('Command that switches off.'),
      timeout: duration('Time for a command.').prefault('10s'),
    }),
    open,
  }),
  definePowerSwitch({ name: 'manual', summary: 'A person.', schema: z.strictObject({}), open }),
  defineConsole({
    name: 'serial',
    summary: 'A local serial port.',
    schema: z.strictObject({
      port: serialPort('Path of the port.'),
      baud: z.int().min(1).default(115200).describe('Baud rate.'),
      parity: z.enum(['none', 'even', 'odd']).default('none').describe('Parity.'),
      url: z.url().optional(),
    }),
    open,
  }),
  defineBootloader({
    name: 'barebox',
    summary: 'barebox.',
    schema: z.strictObject({
      stopText: z.union([z.string(), secretReference]).optional(),
      program: z.string().default('${BASH:-sh}'),
      interruptKey: z.string().default('ctrl-c').describe('What stops autoboot.'),
    }),
    open,
  }),
  defineBootloader({ name: 'uboot', summary: 'U-Boot.', schema: z.strictObject({}), open }),
  defineShell({
    name: 'linux',
    summary: 'A login on the console.',
    schema: z.strictObject({
      user: z.string().default('root').describe('Who logs in.'),
      password: secretReference.optional(),
    }),
    open,
  }),
]
