import { z } from 'zod'
import { duration } from '../../board/option-types.ts'
import { sshMachine } from '../../board/ssh-login.ts'

/** The options of what is driven by a program of others, on this machine or on the one that has the device. */
export function toolOptions(program: string) {
  const { timeout, ...options } = localToolOptions(program)
  return {
    ...options,
    ssh: z
      .union([
        z.string().regex(/^(?:[^@\s-][^@\s]*@)?[^@\s-][^@\s]*$/, {
          error: 'write USER@HOST, or a name of your ssh configuration',
        }),
        sshMachine,
      ])
      .optional()
      .describe(
        'The machine that has the device, such as an exporter of labgrid: USER@HOST, as ssh reaches it without asking, or a map that says how to log in; this one if absent.',
      ),
    timeout,
  }
}

/** Of a program that works on files of this machine. @param timeout how long it may take */
export function localToolOptions(program: string, timeout = '30s') {
  return {
    program: z
      .string()
      .min(1)
      .default(program)
      .describe('The program: a name to look up in PATH, or a path.'),
    timeout: duration('How long the program may take.').prefault(timeout),
  }
}

export type LocalToolOptions = z.output<z.ZodObject<ReturnType<typeof localToolOptions>>>

export type ToolOptions = LocalToolOptions &
  Partial<Pick<z.output<z.ZodObject<ReturnType<typeof toolOptions>>>, 'ssh'>>

/** The machine in the name of a resource; empty for this one. */
export function toolHost({ ssh }: Pick<ToolOptions, 'ssh'>): string {
  if (ssh === undefined) return ''
  const host = typeof ssh === 'string' ? ssh.replace(/^.*@/, '') : ssh.host
  return `${host.toLowerCase()}/`
}
