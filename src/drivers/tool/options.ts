import { z } from 'zod'
import { duration } from '../../board/option-types.ts'

/** The options of what is driven by a program of others, on this machine or on the one that has the device. */
export function toolOptions(program: string) {
  return {
    program: z
      .string()
      .min(1)
      .default(program)
      .describe('The program: a name to look up in PATH, or a path.'),
    ssh: z
      .string()
      .regex(/^(?:[^@\s-][^@\s]*@)?[^@\s-][^@\s]*$/, {
        error: 'write USER@HOST, or a name of your ssh configuration',
      })
      .optional()
      .describe(
        'The machine that has the device, such as an exporter of labgrid: USER@HOST, as ssh reaches it without asking; this one if absent.',
      ),
    timeout: duration('How long the program may take.').prefault('30s'),
  }
}

export type ToolOptions = z.output<z.ZodObject<ReturnType<typeof toolOptions>>>

/** The machine in the name of a resource; empty for this one. */
export function toolHost({ ssh }: { readonly ssh?: string | undefined }): string {
  return ssh === undefined ? '' : `${ssh.toLowerCase().replace(/^.*@/, '')}/`
}
