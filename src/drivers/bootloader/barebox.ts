import { z } from 'zod'
import { defineBootloader } from '../../board/driver.ts'
import { secretReference } from '../../board/option-types.ts'
import { patternOption } from '../../board/pattern-option.ts'
import { promptOptions } from '../framing/prompt-options.ts'

export const bareboxSchema = z
  .strictObject({
    prompt: patternOption(
      "The prompt, where it is not barebox's own; colours are taken out before.",
    ).optional(),
    autoboot: patternOption(
      'What announces the autoboot, where it is not "Hit KEY to stop autoboot: "; any key then stops it, unless "interrupt" names one.',
    ).optional(),
    password: z
      .union([z.string().min(1), secretReference])
      .describe('The password, of a barebox that asks for one before its prompt, or a reference to a secret.')
      .optional(),
    interrupt: z
      .string()
      .min(1)
      .default('auto')
      .describe(
        'The key that stops the autoboot: "auto" sends the one barebox asks for; else any, ctrl-c, ctrl-d or a character.',
      ),
    interruptFromPowerOn: z
      .boolean()
      .default(false)
      .describe('Send the key over and over from power-on, for a board with global.autoboot_timeout=0.'),
    lineLength: z
      .number()
      .int()
      .min(64)
      .default(1022)
      .describe('The longest line the prompt takes (CONFIG_CBSIZE less 2), in characters.'),
    ...promptOptions,
  })
  .superRefine(({ interrupt, interruptFromPowerOn }, context) => {
    if (interruptFromPowerOn && /^(?:q|ctrl-c)$/i.test(interrupt)) {
      context.addIssue({
        code: 'custom',
        path: ['interrupt'],
        message: `"${interrupt}" while barebox starts would abort its init sequence: take another key, or leave interrupt-from-power-on off`,
      })
    }
    if (interrupt === 'm') {
      context.addIssue({
        code: 'custom',
        path: ['interrupt'],
        message: '"m" opens the menu of barebox, not its prompt',
      })
    }
  })

export type BareboxOptions = z.output<typeof bareboxSchema>

export const bareboxBootloader = defineBootloader({
  name: 'barebox',
  summary: 'barebox at its shell prompt, with late overrides of what it boots (`boot -o`).',
  schema: bareboxSchema,
  async open(options, context) {
    const { openBarebox } = await import('./barebox/driver.ts')
    return openBarebox(options, context)
  },
})
