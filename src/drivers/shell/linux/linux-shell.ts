import type { CommandResult, RunOptions } from '../../../board/command-runner.ts'
import type { Console } from '../../../board/console.ts'
import type { Shell } from '../../../board/shell.ts'
import { now } from '../../../core/clock.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { takeOutKernelLines } from '../../../kernel/take-out-kernel-lines.ts'
import { quoteCommand } from '../../framing/command-errors.ts'
import { CommandSlot } from '../../framing/command-slot.ts'
import type { Channel } from './channel.ts'
import { linesFor } from './lines-for.ts'
import { shellEnded } from './shell-ended.ts'
import { withOptions } from './with-options.ts'
import type { Marked } from './until-mark.ts'

/** A shell that was confirmed: it has run a line of ours. */
export class LinuxShell implements Shell {
  readonly kind = 'shell'
  readonly #console: Console
  readonly #where: string
  readonly #channel: Channel
  readonly #slot: CommandSlot
  /** The command before. */
  #last: string | undefined

  constructor(console: Console, where: string, channel: Channel) {
    this.#console = console
    this.#where = where
    this.#channel = channel
    this.#slot = new CommandSlot(where, () => channel.winBack())
  }

  async run(command: string, t: Deadline, options: RunOptions = {}): Promise<CommandResult> {
    const lines = linesFor(withOptions(command, options), this.#channel.maximumLine)
    return this.#slot.run(command, t, async () => {
      const startedAt = now()
      const { status, text } = await this.#exchange(command, lines, t)
      this.#last = command
      const { text: output, kernelLines } = takeOutKernelLines(text, this.#channel.kernelSign(startedAt))
      return {
        command,
        exitCode: status,
        stdout: withoutEcho(output),
        kernelLines,
        durationMs: now() - startedAt,
      }
    })
  }

  async leave(t: Deadline): Promise<Console> {
    return this.#slot.run('the way out of the shell', t, async () => {
      await this.#channel.leave(t)
      this.#slot.revoke('the line was handed on')
      return this.#console.take('whoever comes after the shell')
    })
  }

  async #exchange(command: string, lines: readonly string[], t: Deadline): Promise<Marked> {
    for (const [index, line] of lines.entries()) {
      const marked = await this.#channel.exchange(line, t)
      if (marked.which === 'gone') throw this.#ended(command)
      if (marked.which === 'gone-before') throw this.#ended(this.#last, command)
      if (index === lines.length - 1) return marked
      if (marked.status !== 0 || marked.which === 'exit') throw notSent(command, marked)
    }
    throw new Error('a command has at least one line')
  }

  /** @param notSent the command that found the shell gone */
  #ended(command: string | undefined, notSent?: string): HilError {
    const seen = this.#console.lastLines(1)[0] ?? ''
    return shellEnded({ where: this.#where, command, notSent, seen })
  }
}

function notSent(command: string, { status, text }: Marked): HilError {
  return new HilError(
    'command.not-sent',
    `the shell did not take a part of ${quoteCommand(command)}, which was sent in several: status ${status}, ${JSON.stringify(text.slice(-200))}`,
    { blame: 'board', details: { command, status, text } },
  )
}

/** Up to the first line end it is the rest of what the terminal echoed; the command prints after that. */
function withoutEcho(text: string): string {
  return text.slice(text.indexOf('\n') + 1)
}
