import { z } from 'zod'
import { path } from '../board/option-types.ts'
import { drawSchema } from './faults/draw.ts'
import { faultSchema } from './faults/schema.ts'

export const bareboxSchema = z
  .strictObject({
    version: z.string().default('2026.06.0-00056-gdd1d839c2c32').describe('Release in the banner.'),
    color: z
      .boolean()
      .default(true)
      .describe('Whether the prompt and log levels are coloured (global.allow_color).'),
    disk: z.boolean().default(true).describe('Whether there is a disk with a stock system to boot.'),
    signedImages: z
      .boolean()
      .default(false)
      .describe('Whether only signed FITs are booted, as they are: overrides are ignored without a word.'),
    menu: z.boolean().default(true).describe('Whether the menu is built in.'),
    autoboot: z
      .enum(['countdown', 'abort', 'halt', 'menu', 'boot'])
      .default('countdown')
      .describe('global.autoboot: what happens after start.'),
    autobootTimeout: z
      .number()
      .int()
      .nonnegative()
      .default(3)
      .describe('Seconds of countdown (global.autoboot_timeout).'),
    abortKey: z
      .string()
      .default('any')
      .describe('Which key stops autoboot: any, ctrl-c, or one character (global.autoboot_abort_key).'),
    bootchooser: z
      .strictObject({
        targets: z.array(z.string().min(1)).min(1).describe('Names of the slots, best first.'),
        attempts: z
          .number()
          .int()
          .positive()
          .default(3)
          .describe('Boot attempts per slot before it is given up.'),
      })
      .optional()
      .describe('Boot through bootchooser, which counts attempts.'),
  })
  .prefault({})

const linux = z
  .strictObject({
    release: z.string().default('6.1.0-56-arm64').describe('Kernel release.'),
    model: z.string().default('linux,dummy-virt').describe('Machine model in the boot log.'),
    memory: z.number().int().positive().default(1024).describe('RAM in MiB.'),
    bootargs: z.string().default('console=ttyAMA0 stock=1').describe('Command line of the stock boot entry.'),
    root: z
      .boolean()
      .default(true)
      .describe('Whether there is a root file system; without one the kernel panics.'),
    hostname: z.string().default('(none)').describe('Host name.'),
    shell: z
      .enum(['ash', 'bash', 'sh'])
      .default('ash')
      .describe('ash: busybox with its line editor; bash: with readline; sh: dash, no line editor.'),
    login: z
      .strictObject({
        user: z.string().min(1).default('root').describe('The one user that can log in.'),
        password: z.string().optional().describe('Its password; none is asked for when absent.'),
      })
      .optional()
      .describe('A getty on the console; without it a shell runs there directly.'),
    controllingTerminal: z
      .boolean()
      .default(true)
      .describe('Whether the shell has a controlling terminal; without one Ctrl-C does nothing.'),
    absentCommands: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Commands that this board really lacks: not found is then an answer and nothing unsimulated.',
      ),
    files: z
      .record(z.string().startsWith('/'), z.string())
      .default({})
      .describe('Further files of the root file system: absolute path to text.'),
  })
  .prefault({})

export const simulatorSchema = z.strictObject({
  compatible: z
    .string()
    .min(1)
    .default('linux,dummy-virt')
    .describe(
      "First compatible of its bootloader's device tree, by which configurations of a FIT are chosen.",
    ),
  model: z
    .string()
    .min(1)
    .default('ARM QEMU virt64')
    .describe('Model of the board, as its bootloader says it.'),
  bootloader: z
    .enum(['barebox', 'uboot', 'none'])
    .default('barebox')
    .describe('Which bootloader starts the kernel.'),
  outlets: path(
    'A file in which all switches of a simulated lab note what they do, so that one that acts under an old lease is refused.',
  ).optional(),
  seed: z.number().int().default(1).describe('Seed of everything random in faults.'),
  speed: z
    .number()
    .positive()
    .default(64)
    .describe(
      'How many times faster than real time the board waits: at 64 a second of countdown takes 16 ms.',
    ),
  baud: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('Limits the UART to this rate in real time, both ways; unlimited when absent.'),
  fifo: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('Depth of the receive FIFO in bytes: what comes faster than the bootloader polls is lost.'),
  watchdogTimeout: z
    .number()
    .nonnegative()
    .default(0)
    .describe(
      'Seconds of a watchdog that runs from power-on; nobody feeds it in the bootloader, Linux does. 0 is none.',
    ),
  barebox: bareboxSchema.describe('How barebox behaves.'),
  linux: linux.describe('What Linux and its userspace look like.'),
  faults: z.array(faultSchema).default([]).describe('What goes wrong with this board.'),
  draw: drawSchema
    .optional()
    .describe('Draws for each run whether one more thing goes wrong, and says in its events what.'),
})

export type SimulatorOptions = z.output<typeof simulatorSchema>
