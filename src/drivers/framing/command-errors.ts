import { formatChain, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'

/** @param where e.g. `the barebox prompt of rock3a` */
export function revokedError(where: string, reason: string): HilError {
  return new HilError('command.revoked', `${where} can no longer be used: ${reason}`, {
    blame: 'test',
    details: { where, reason },
  })
}

export function busyError(where: string, running: string): HilError {
  return new HilError(
    'command.busy',
    `${where} still runs ${quoteCommand(running)}: await it before the next command`,
    { blame: 'test', details: { where, running } },
  )
}

export function tooLongError(where: string, command: string, maximum: number): HilError {
  return new HilError(
    'command.too-long',
    `${where} takes lines of ${maximum} characters, the command has ${command.length}: ${quoteCommand(command)}; ` +
      'a longer one would be cut without a word and run, so split it',
    { blame: 'test', details: { command, length: command.length, maximum } },
  )
}

export function unprintableError(where: string, command: string, character: string): HilError {
  const code = (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')
  return new HilError(
    'command.unprintable',
    `${where} takes printable ASCII on one line only, and ${quoteCommand(command)} has the character U+${code}`,
    { blame: 'test', details: { command, character } },
  )
}

export function optionsError(where: string): HilError {
  return new HilError(
    'command.no-options',
    `${where} has neither an environment nor a working directory for one command alone: set them by commands`,
    { blame: 'test' },
  )
}

export function incompleteError(where: string, command: string): HilError {
  return new HilError(
    'command.incomplete',
    `${where} waited for the rest of ${quoteCommand(command)}: a quote, "if", "for" or "while" is not closed; the command was not run`,
    { blame: 'test', details: { command } },
  )
}

export function noStatusError(where: string, command: string, output: string): HilError {
  return new HilError(
    'command.no-status',
    `${where} came back after ${quoteCommand(command)} and does not tell its exit status; it said ${JSON.stringify(output.slice(-200))}`,
    { blame: 'infrastructure', details: { command, output } },
  )
}

export function garbledError(where: string, line: string, echoes: readonly string[]): HilError {
  return new HilError(
    'command.garbled',
    `${where} did not echo ${quoteCommand(line)} in ${echoes.length} attempts, the last echo was ${quoteCommand(echoes.at(-1) ?? '')}; ` +
      'nothing was run: look at the wiring, or set char-delay',
    { blame: 'infrastructure', details: { line, echoes } },
  )
}

export function wrongEchoError(where: string, line: string, echo: string): HilError {
  return new HilError(
    'command.wrong-echo',
    `${where} was sent ${quoteCommand(line)} on a line that loses nothing, and echoed ${quoteCommand(echo)}: what it ran is not known`,
    { blame: 'infrastructure', details: { line, echo } },
  )
}

/** What happened to a command that did not end in time. */
export interface TimedOut {
  readonly where: string
  readonly command: string
  readonly t: Deadline
  /** Whether Ctrl-C ended it and the prompt is back. */
  readonly recovered: boolean
  readonly cause: HilError
}

export function timeoutError({ where, command, t, recovered, cause }: TimedOut): HilError {
  const { seen, received } = cause.details
  return new HilError(
    'command.timeout',
    `${quoteCommand(command)} did not end in time at ${where} (${formatChain(t.chain())}); ` +
      (recovered
        ? 'Ctrl-C stopped it'
        : 'Ctrl-C did not bring the prompt back, so what the board does now is not known'),
    { blame: 'board', details: { command, recovered, chain: t.chain(), seen, received }, cause },
  )
}

/** A command as it stands in messages: on one line, cut when very long. */
export function quoteCommand(command: string): string {
  const text = JSON.stringify(command)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
