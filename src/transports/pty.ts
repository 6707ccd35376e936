import { HilError } from '../core/errors.ts'
import { findProgram } from '../core/find-program.ts'
import { quoteWord } from '../core/quote-word.ts'

/** `cooked` as a person has it (echo, line editing, Ctrl-C is a signal); `raw` passes every byte as it is. */
export type TerminalMode = 'cooked' | 'raw'

/**
 * The command line that runs `argv` on a pseudo-terminal between our pipes. Node can't make one
 * without a native library; `script` (bsdutils, essential in Debian and Ubuntu) can, and keeps up in
 * both directions at once. When it is killed, the program is hung up (SIGHUP), as on a terminal that
 * is closed.
 *
 * @throws HilError `transport.no-pty` (environment)
 */
export async function onPty(argv: readonly string[], mode: TerminalMode): Promise<readonly string[]> {
  const script = await findProgram('script')
  if (script === undefined) {
    throw new HilError(
      'transport.no-pty',
      'script is not in PATH, which gives a console process its terminal; install bsdutils (Debian, Ubuntu) or util-linux',
      { blame: 'environment' },
    )
  }
  const setUp = mode === 'raw' ? 'stty raw -echo; ' : ''
  const command = `${setUp}printf '${readyMark}'; exec ${argv.map(quoteWord).join(' ')}`
  // --quiet --flush --return --command; it would run the command with the user's own shell.
  return ['/usr/bin/env', 'SHELL=/bin/sh', script, '-qfec', command, '/dev/null']
}

export interface PtyGate {
  /** Takes what comes from the terminal. */
  receive(bytes: Uint8Array): void
  /** Resolves when the terminal is set up: from now on it treats what is sent as it should. */
  readonly opened: Promise<void>
  /** What came before that; where it never comes, it says why. */
  seen(): string
}

/** Passes on what comes after the terminal was set up, and nothing before. */
export function createPtyGate(pass: (bytes: Uint8Array) => void): PtyGate {
  let seen = Buffer.alloc(0)
  let isOpen = false
  let open: () => void
  const opened = new Promise<void>((resolve) => (open = resolve))
  return {
    opened,
    seen: () => seen.toString().trim(),
    receive(bytes) {
      if (isOpen) {
        pass(bytes)
        return
      }
      seen = Buffer.concat([seen, bytes])
      const at = seen.indexOf(readyMark)
      if (at < 0) return
      isOpen = true
      open()
      const rest = seen.subarray(at + readyMark.length)
      if (rest.length > 0) pass(rest)
    },
  }
}

/** No shell prints this by itself, and no terminal setting changes it. */
const readyMark = '<hil:terminal-ready>'
