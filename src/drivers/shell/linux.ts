import { z } from 'zod'
import { defineShell } from '../../board/driver.ts'
import { duration, secretReference } from '../../board/option-types.ts'
import { promptOptions } from '../framing/prompt-options.ts'
import { patternOption } from '../../board/pattern-option.ts'

export const linuxShellSchema = z.strictObject({
  user: z.string().min(1).default('root').describe('Who logs in at a login prompt.'),
  password: z
    .union([z.string(), secretReference])
    .describe('The password, or a reference to a secret; none when there is no password.')
    .optional(),
  prompt: patternOption('The end of the prompt, where it is not "# " or "$ ".').optional(),
  loginPrompt: patternOption('What asks for the user, where it is not "login: ".').optional(),
  program: z
    .string()
    .regex(/^[ -~]{1,60}$/)
    .describe(
      'The shell that commands run in, started from the login shell: "busybox sh". By default bash from bash, else sh.',
    )
    .optional(),
  mode: z
    .enum(['loop', 'prompt'])
    .default('loop')
    .describe(
      '"loop" has the shell read commands itself, "prompt" types them at its prompt, for a shell that can not.',
    ),
  nudgeAfter: duration(
    'Silence after which Enter is sent once, for a login prompt that was overwritten or waits for it.',
  ).prefault('5s'),
  ...promptOptions,
})

export type LinuxShellOptions = z.output<typeof linuxShellSchema>

export const linuxShell = defineShell({
  name: 'linux',
  summary:
    'A POSIX shell in the booted userspace: from the first kernel line through a login, if there is one.',
  schema: linuxShellSchema,
  async open(options, context) {
    const { openLinuxShell } = await import('./linux/driver.ts')
    return openLinuxShell(options, context)
  },
})
