import type { Deadline } from '../../../core/deadline.ts'
import { takeOutKernelLines } from '../../../kernel/take-out-kernel-lines.ts'
import { clearLine } from '../../framing/clear-line.ts'
import { enterLine, type EchoingPrompt } from '../../framing/type-line.ts'
import type { ChannelOptions } from './channel.ts'

type EditorOptions = Pick<ChannelOptions, 'console' | 'where' | 'echoMs' | 'recoverMs'>

/** Enters a line at a shell's interactive prompt, where a line editor echoes and breaks long lines. */
export function enterAtPrompt(
  options: EditorOptions,
  prompt: RegExp,
  line: string,
  t: Deadline,
): Promise<string> {
  return enterLine(lineEditor(options, prompt), line, t)
}

function lineEditor({ console, where, echoMs, recoverMs }: EditorOptions, prompt: RegExp): EchoingPrompt {
  return {
    console,
    where,
    echoMs,
    edits: true,
    clear: (t) => clearLine(console, prompt, recoverMs, t),
    // A command may itself hold what looks like a kernel message, and be broken right in front of it.
    clean: [unbroken, (echo) => unbroken(withoutKernelLines(echo))],
  }
}

/** What the terminal itself echoes, with nobody editing: byte by byte, kernel messages in between. */
export function terminalEcho(
  { console, where, echoMs }: Pick<ChannelOptions, 'console' | 'where' | 'echoMs'>,
  clear: (t: Deadline) => Promise<void>,
): EchoingPrompt {
  return { console, where, echoMs, clear, clean: [withoutKernelLines] }
}

function withoutKernelLines(echo: string): string {
  return takeOutKernelLines(echo, { by: 'time', since: 0 }).text
}

function unbroken(echo: string): string {
  return echo.replaceAll(/[\r\n]/g, '')
}
