import type { Console } from '../board/console.ts'
import { startDeadline } from '../core/deadline.ts'
import { HilError } from '../core/errors.ts'
import type { RunEvent } from '../core/events.ts'
import { plainText } from '../report/rendered-text.ts'
import type { Screen } from '../report/terminal/screen.ts'

/** Ctrl-], as in telnet. */
const leaveKey = 0x1d

/** Undoes what a board may have done to the terminal: soft reset, colours, cursor, screen, mouse, paste (xterm, ctlseqs). */
const resetTerminal =
  '\x1b[!p\x1b[0m\x1b[?25h\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l'

export interface AttachOptions {
  readonly console: Console
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
 * Ctrl-] or the line is gone. The bytes are logged as ever.
 */
export async function attachTerminal({ console, screen, tap, signal }: AttachOptions): Promise<void> {
  const { stdin, stdout } = process
  using t = startDeadline(Number.POSITIVE_INFINITY, 'typing', { signal })
  screen.suspend()
  for (const line of console.lastLines(12)) stdout.write(`${plainText(line)}\r\n`)
  using _received = tap((event) => {
    if (event.type !== 'console-rx' || event.board !== console.name) return
    stdout.write(event.text ?? Buffer.from(event.base64, 'base64'))
  })
  stdin.setRawMode(true)
  try {
    await t.race(forwardKeys(stdin, (keys) => console.write(keys, t)))
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    stdout.write(`${resetTerminal}\r\n`)
    screen.resume()
  }
}

/** Resolves when the person leaves. Keys are sent one after the other, however slowly the line takes them. */
async function forwardKeys(
  stdin: NodeJS.ReadStream,
  send: (keys: Uint8Array) => Promise<void>,
): Promise<void> {
  for await (const chunk of stdin.iterator({ destroyOnReturn: false })) {
    const keys = chunk as Buffer
    const end = keys.indexOf(leaveKey)
    if (end !== 0) await send(end === -1 ? keys : keys.subarray(0, end))
    if (end !== -1) return
  }
}
