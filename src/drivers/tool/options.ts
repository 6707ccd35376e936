import { z } from 'zod'
import { duration } from '../../board/option-types.ts'

/** The options of what is driven by a program of others, on this machine or on the one that has the device. */
export function toolOptions(program: string) {
  const { timeout, ...options } = localToolOptions(program)
  return {
    ...options,
    ssh: z
      .string()
      .regex(/^(?:[^@\s-][^@\s]*@)?[^@\s-][^@\s]*$/, {
        error: 'write USER@HOST, or a name of your ssh configuration',
      })
      .optional()
      .describe(
        'The machine that has the device, such as an exporter of labgrid: USER@HOST, as ssh reaches it without asking; this one if absent.',
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

export type ToolOptions = Partial<Pick<z.output<z.ZodObject<ReturnType<typeof toolOptions>>>, 'ssh'>> &
  z.output<z.ZodObject<ReturnType<typeof localToolOptions>>>

/** The machine in the name of a resource; empty for this one. */
export function toolHost({ ssh }: { readonly ssh?: string | undefined }): string {
  return ssh === undefined ? '' : `${ssh.toLowerCase().replace(/^.*@/, '')}/`
}
