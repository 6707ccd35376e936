import type { Shell } from './shell.ts'
import { IncompleteInput, type ShellSyntaxError } from './syntax.ts'

/** A syntax error in the words of the shell. */
export function describeSyntaxError({ flavour }: Shell, error: ShellSyntaxError): string {
  switch (flavour) {
    case 'ash':
      return `syntax error: ${error.message}`
    case 'sh':
      return `Syntax error: ${inDashWords(error.message)}`
    case 'bash':
      return error instanceof IncompleteInput
        ? 'syntax error: unexpected end of file'
        : `syntax error near unexpected token \`${/"(.*)"/.exec(error.message)?.[1] ?? 'newline'}'`
  }
}

/** `unexpected "fi"` is `"fi" unexpected` there. */
function inDashWords(message: string): string {
  const reordered = message.replace(/^unexpected (end of file|newline|".*?")/, '$1 unexpected')
  return reordered.replace(/^unterminated/, 'Unterminated')
}
