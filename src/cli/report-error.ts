import { blameOf, HilError, messageOf } from '../core/errors.ts'
import { verdictOf, verdicts } from '../core/verdicts.ts'

/**
 * Says what went wrong on stderr: a sentence; for a bug of ours the stack too, as somebody has to find it.
 * @returns the exit code of whoever has to act
 */
export function reportError(error: unknown, write: (text: string) => void = writeToStderr): number {
  const blame = blameOf(error)
  const isBug = blame === 'hil'
  write(`hil: ${isBug ? 'this is a bug in hil, please report it: ' : ''}${messageOf(error)}\n`)
  if (isBug || process.env['HIL_DEBUG'] === '1') write(`${stacksOf(error)}\n`)
  return verdicts[verdictOf(blame)].exit
}

function stacksOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = error instanceof HilError ? ` [${error.code}]` : ''
  const cause = error.cause === undefined ? '' : `\ncaused by ${stacksOf(error.cause)}`
  return `${error.stack ?? error.message}${code}${cause}`
}

function writeToStderr(text: string): void {
  process.stderr.write(text)
}
