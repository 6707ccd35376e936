import { z } from 'zod'

/** Moments in the life of a board at which something can go wrong. */
export const faultPoints = ['power-on', 'autoboot', 'bootloader', 'kernel', 'userspace', 'shell'] as const

export type FaultPoint = (typeof faultPoints)[number]

const when = {
  times: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('How often it happens before the board is well again; every time when absent.'),
  skip: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe('How many occasions pass well before the first time.'),
}

const at = z
  .enum(faultPoints)
  .describe(
    'When: power-on (before the banner), autoboot (before the countdown), bootloader (as a command starts at its ' +
      'prompt), kernel (in the middle of the boot log), userspace (before login), shell (as a command starts).',
  )

const rate = z.number().min(0).max(1).describe('Share of the bytes that are hit, 0 to 1.')
const direction = z
  .enum(['to-host', 'to-board', 'both'])
  .default('to-host')
  .describe('Which direction of the line is hit.')

export const faultSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('silent').describe('The console says nothing more.'), at, ...when }),
  z.strictObject({ name: z.literal('hang').describe('The board stops in its tracks.'), at, ...when }),
  z.strictObject({ name: z.literal('reset').describe('The board resets by itself.'), at, ...when }),
  z.strictObject({ name: z.literal('disconnect').describe('The console cable is pulled.'), at, ...when }),
  z.strictObject({
    name: z.literal('panic').describe('The kernel panics.'),
    at: at.default('kernel'),
    reason: z.string().default('Fatal exception in interrupt').describe('What it says.'),
    ...when,
  }),
  z.strictObject({
    name: z.literal('flood').describe('The console is flooded.'),
    at,
    bytes: z.number().int().positive().default(10_000_000).describe('How many bytes.'),
    ...when,
  }),
  z.strictObject({
    name: z.literal('printk').describe('A kernel message lands in the middle of output.'),
    text: z.string().default('random: crng reseeded').describe('What it says.'),
    every: z.number().int().positive().default(1).describe('In the output of every nth shell command.'),
  }),
  z.strictObject({ name: z.literal('garble').describe('Bytes are changed on the line.'), rate, direction }),
  z.strictObject({ name: z.literal('drop').describe('Bytes are lost on the line.'), rate, direction }),
  z.strictObject({
    name: z.literal('slow-prompt').describe('The prompt comes late.'),
    delayMs: z.number().positive().default(200).describe('How late, in milliseconds of real time.'),
    ...when,
  }),
  z.strictObject({ name: z.literal('double-prompt').describe('The prompt is printed twice.'), ...when }),
  z.strictObject({
    name: z.literal('power').describe('The power switch is bad.'),
    how: z
      .enum(['lies', 'hangs', 'refuses'])
      .describe('lies: says it switched and does not; hangs: never answers; refuses: reports an error.'),
    action: z.enum(['on', 'off', 'state', 'any']).default('any').describe('Which request.'),
    ...when,
  }),
])

export type Fault = z.output<typeof faultSchema>

export const faultNames = faultSchema.options.map(({ shape }) => shape.name.value)
