import { z } from 'zod'
import { duration } from '../../board/option-types.ts'

/** Where a console server is. */
export const serverOptions = {
  host: z
    .string()
    .min(1)
    .describe('Name or address of the server.')
    .meta({ examples: ['lab-pi'] }),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .describe('TCP port of this console.')
    .meta({ examples: [4001] }),
  connectTimeout: duration('How long the server may take to answer.').prefault('10s'),
}

/** The same console whichever protocol is spoken to it: only one run may have it. */
export function serverResource({ host, port }: { readonly host: string; readonly port: number }): string {
  return `tcp:${host.toLowerCase()}:${port}`
}
