import { constants } from 'node:os'
import type { ClientChannel } from 'ssh2'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { SshConnection } from './connection.ts'

export interface RemoteProcessOptions {
  readonly stdout: (bytes: Uint8Array) => void
  readonly stderr: (bytes: Uint8Array) => void
  /** Run it on a terminal that passes every byte as it is: then all it prints comes as stdout. @default false */
  readonly onTerminal?: boolean
  /** It waits for no other: it ends one that has to make room. @default false */
  readonly isUrgent?: boolean
}

export interface ProcessEnd {
  /** 128 and its number where a signal ended it, as shells say it. */
  readonly exitCode: number
  /** `SIGKILL`. */
  readonly signal?: string
}

/** A command that runs on another machine. It can't be sent signals: sshd passes none on for root. */
export interface RemoteProcess {
  /** Rejects with `ssh.lost` (infrastructure) where its end will not be known. */
  readonly ended: Promise<ProcessEnd>
  /** Resolves when the bytes were taken. */
  write(bytes: Uint8Array): Promise<void>
  /** It reads the end of its input. */
  endInput(): void
  /** Hangs up: what still runs has no terminal and nobody to write to. */
  close(): void
}

/**
 * Starts a command.
 * @throws HilError `ssh.no-channel` (infrastructure), and what connecting throws
 */
export async function startRemote(
  connection: SshConnection,
  command: string,
  options: RemoteProcessOptions,
  t: Deadline,
): Promise<RemoteProcess> {
  const { onTerminal = false, isUrgent = false } = options
  let onOpen: (channel: ClientChannel) => void = () => undefined
  const end = new Promise<ProcessEnd>((resolve, reject) => {
    onOpen = (channel) => void endOf(channel, connection.name, command).then(resolve, reject)
  })
  end.catch(() => undefined)
  const { channel, release } = await connection.openCommand(command, { onTerminal, isUrgent, onOpen }, t)
  let fail: (error: unknown) => void = () => undefined
  const failed = new Promise<never>((_resolve, reject) => (fail = reject))
  // An error that a reader throws is the reader's, and must not end the connection of all others.
  const guarded = (read: (bytes: Uint8Array) => void) => (bytes: Uint8Array) => {
    try {
      read(bytes)
    } catch (error) {
      fail(error)
      channel.close()
    }
  }
  channel.on('data', guarded(options.stdout))
  channel.stderr.on('data', guarded(options.stderr))
  const ended = Promise.race([end, failed]).finally(release)
  // Nobody may be waiting for it.
  ended.catch(() => undefined)
  return {
    ended,
    write: writerTo(channel),
    endInput: () => {
      channel.end()
    },
    close: () => {
      channel.close()
    },
  }
}

/** Writes to a channel, which forgets those that wait for room when it is closed. */
function writerTo(channel: ClientChannel): (bytes: Uint8Array) => Promise<void> {
  const waiting = new Set<(error: Error) => void>()
  channel.once('close', () => {
    for (const reject of waiting) reject(new Error('the channel was closed'))
  })
  return (bytes) =>
    new Promise((resolve, reject) => {
      waiting.add(reject)
      channel.write(bytes, (error) => {
        waiting.delete(reject)
        if (error) reject(error)
        else resolve()
      })
    })
}

function endOf(channel: ClientChannel, name: string, command: string): Promise<ProcessEnd> {
  return new Promise((resolve, reject) => {
    let end: ProcessEnd | undefined
    channel.once('exit', (code: number | null, signal?: string) => {
      end = code === null ? killed(`SIG${(signal ?? '').replace(/^SIG/, '')}`) : { exitCode: code }
    })
    // What it printed comes before that, and is all there.
    channel.once('close', () => {
      if (end === undefined) reject(lost(name, command))
      else resolve(end)
    })
    channel.on('error', reject)
  })
}

function killed(signal: string): ProcessEnd {
  return { exitCode: 128 + (constants.signals[signal as NodeJS.Signals] ?? 0), signal }
}

function lost(name: string, command: string): HilError {
  return new HilError(
    'ssh.lost',
    `the SSH connection to ${name} was lost while ${JSON.stringify(command.slice(0, 200))} ran: how that ended is not known`,
    { blame: 'infrastructure', details: { target: name, command } },
  )
}
