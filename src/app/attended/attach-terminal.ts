import { startDeadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { ConsoleClosed, RunEvent } from '../../core/events.ts'
import { plainText } from '../../report/rendered-text.ts'
import type { Screen } from '../../report/terminal/screen.ts'
import type { HandedLine } from '../../session/board/board-line.ts'
import { resetTerminal } from './reset-terminal.ts'

/** Ctrl-], as in telnet. */
const leaveKey = 0x1d

export interface AttachOptions extends HandedLine {
  readonly screen: Screen
  /** Calls back with each event of the run. */
  readonly tap: (read: (event: RunEvent) => void) => Disposable
  /** Ends it from outside. */
  readonly signal: AbortSignal
}

/** @throws HilError `console.no-terminal` (environment) */
export function assertTerminal(): void {
  if (process.stdin.isTTY && process.stdout.isTTY) return
  throw new HilError(
    'console.no-terminal',
    'a console can be attached to a terminal only: stdin and stdout have to be one',
    {
      blame: 'environment',
    },
  )
}

/**
 * Joins this terminal and a board's console, byte by byte in both directions, until the person presses
 * Ctrl-]. The bytes are logged as ever.
 * @throws HilError `console.closed` (infrastructure) when the line is gone
 */
export async function attachTerminal({ console, seen, screen, tap, signal }: AttachOptions): Promise<void> {
  const { stdin, stdout } = process
  using t = startDeadline(Number.POSITIVE_INFINITY, 'typing', { signal })
  screen.suspend()
  // The last line is the unfinished one, a prompt as a rule: the cursor stays behind it.
  stdout.write(seen.map(plainText).join('\r\n'))
  const ending = new AbortController()
  using _shown = tap((event) => {
    if (!('board' in event) || event.board !== console.name) return
    if (event.type === 'console-rx') stdout.write(event.text ?? Buffer.from(event.base64, 'base64'))
    else if (event.type === 'console-lost') stdout.write(remark(`the console is away: ${event.reason}`))
    else if (event.type === 'console-back') stdout.write(remark('the console is back'))
    else if (event.type === 'console-closed') ending.abort(closedError(event))
  })
  stdin.setRawMode(true)
  try {
    await t.race(forwardKeys(stdin, (keys) => console.write(keys, t), ending.signal))
  } finally {
    ending.abort()
    stdin.setRawMode(false)
    stdin.pause()
    stdout.write(`${resetTerminal}\r\n`)
    screen.resume()
  }
}

/** What neither side of the console has said. */
function remark(text: string): string {
  return `\r\n[${plainText(text)}]\r\n`
}

/**
 * Sends keys one after the other, however slowly the line takes them; resolves when the person leaves.
 * @param ending stops it, with its reason as error
 */
function forwardKeys(
  stdin: NodeJS.ReadStream,
  send: (keys: Uint8Array) => Promise<void>,
  ending: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let sent = Promise.resolve()
    const onKeys = (keys: Buffer) => {
      const end = keys.indexOf(leaveKey)
      const toSend = end === -1 ? keys : keys.subarray(0, end)
      if (toSend.length > 0) sent = sent.then(() => send(toSend))
      sent.then(end === -1 ? undefined : resolve, reject)
    }
    const onEnding = () => {
      stdin.removeListener('data', onKeys)
      reject(ending.reason as Error)
    }
    ending.addEventListener('abort', onEnding, { once: true })
    stdin.on('data', onKeys)
    // Who was paused, by an earlier hand-over, stays so when somebody listens.
    stdin.resume()
  })
}

function closedError({ board, reason }: ConsoleClosed): HilError {
  return new HilError('console.closed', `the console of ${board} is gone: ${reason}`, {
    blame: 'infrastructure',
  })
}
