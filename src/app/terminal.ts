import type { WriteStream } from 'node:tty'
import type { Output } from '../report/terminal/output.ts'

/** Without a terminal lines are cut for the sake of size only. */
const plainColumns = 200

/** What decides whether to colour; see no-color.org and force-color.org. */
type Environment = Readonly<Record<string, string | undefined>>

/**
 * A process's stream as a place for reports. When its reader goes away (`hil run | head`) the rest is
 * dropped and the run goes on: the board must still be released and the report written.
 */
export function openOutput(stream: NodeJS.WriteStream, environment: Environment = process.env): Output {
  const isTerminal = stream.isTTY && environment['TERM'] !== 'dumb'
  let isGone = false
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    isGone = true
  })
  return {
    isTerminal,
    isColoured: isColoured(isTerminal, environment),
    get columns() {
      return (stream as Partial<WriteStream>).columns ?? plainColumns
    },
    write(text) {
      if (!isGone) stream.write(text)
    },
  }
}

function isColoured(isTerminal: boolean, environment: Environment): boolean {
  if ((environment['NO_COLOR'] ?? '') !== '') return false
  const forced = environment['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return isTerminal
}
