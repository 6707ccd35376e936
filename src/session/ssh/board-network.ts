import type { FileTransfer } from '../../board/file-transfer.ts'
import type { Shell } from '../../board/shell.ts'
import type {
  NetworkAddress,
  PortForward,
  SshCommand,
  SshOutput,
  SshResult,
  SshSession,
} from '../../board/ssh.ts'
import { now } from '../../core/clock.ts'
import type { Deadline } from '../../core/deadline.ts'
import { HilError, toSerializedError } from '../../core/errors.ts'
import type { CommandRan, EmitEvent } from '../../core/events.ts'
import { finishBy } from '../../core/finish-by.ts'
import type { TakenBoard } from '../../lab/taken-board.ts'
import type { SshCall } from '../board/board-calls.ts'
import { BoardSsh } from './board-ssh.ts'
import type { AskShell } from './log-in.ts'

export interface ShellAccess {
  /** That of the present state. */
  readonly shell: () => Shell | undefined
  readonly ask: AskShell
  /** Why there is no shell. */
  readonly noShell: () => HilError
}

interface CommandOverSsh extends Omit<SshCall, 'timeoutMs'> {
  readonly onOutput: ((output: SshOutput) => void) | undefined
  readonly onStarted: (() => void) | undefined
}

/** What specs do with a board over the network. */
export class BoardNetwork {
  readonly #board: TakenBoard
  readonly #access: ShellAccess
  readonly #emit: EmitEvent
  readonly #ssh: BoardSsh
  /** Commands that a spec may still say something to, and ports that are forwarded, by their keys. */
  readonly #commands = new Map<string, SshCommand>()
  readonly #forwards = new Map<number, PortForward>()
  #forwardsMade = 0

  constructor(board: TakenBoard, access: ShellAccess, emit: EmitEvent) {
    this.#board = board
    this.#access = access
    this.#emit = emit
    this.#ssh = new BoardSsh(board)
  }

  /** Whether the environment says how to log in. */
  get isDeclared(): boolean {
    return this.#board.ssh !== undefined
  }

  async files(t: Deadline): Promise<FileTransfer> {
    return (await this.#session(t)).files
  }

  /** @param key by which the spec calls a command whose input stays open */
  async run(
    t: Deadline,
    command: string,
    { key, input, env, cwd, onOutput, onStarted }: CommandOverSsh,
  ): Promise<SshResult> {
    const startedAt = now()
    const tell = (outcome: Pick<CommandRan, 'exitCode' | 'error'>) => {
      const durationMs = now() - startedAt
      this.#emit({ type: 'command', board: this.#board.name, where: 'ssh', command, durationMs, ...outcome })
    }
    const options = { ...(env && { env }), ...(cwd !== undefined && { cwd }), ...(onOutput && { onOutput }) }
    try {
      const session = await this.#session(t)
      const result =
        key === undefined
          ? await finishBy(session.run(command, t, { ...options, ...(input !== undefined && { input }) }), t)
          : await this.#runOpen(key, await session.start(command, t, options), t, onStarted)
      tell({ exitCode: result.exitCode })
      return result
    } catch (error) {
      tell({ error: toSerializedError(error) })
      throw error
    }
  }

  /** @throws HilError `ssh.no-command` (test) */
  command(key: string): SshCommand {
    const command = this.#commands.get(key)
    if (command !== undefined) return command
    throw new HilError('ssh.no-command', 'the command has ended, or has not begun: it can be told nothing', {
      blame: 'test',
    })
  }

  forwardTo(t: Deadline, target: NetworkAddress): Promise<NetworkAddress & { readonly id: number }> {
    return this.#forward(t, (session) => session.forwardTo(target, t))
  }

  forwardFrom(
    t: Deadline,
    port: number,
    target: NetworkAddress,
  ): Promise<NetworkAddress & { readonly id: number }> {
    return this.#forward(t, (session) => session.forwardFrom(port, target, t))
  }

  async closeForward(id: number): Promise<void> {
    const forward = this.#forwards.get(id)
    this.#forwards.delete(id)
    await forward?.close()
  }

  async closeForwards(): Promise<void> {
    for (const id of [...this.#forwards.keys()]) await this.closeForward(id)
  }

  /** The board is left: nothing goes over the network any more. */
  async close(): Promise<void> {
    await this.closeForwards()
    await this.#ssh.close()
  }

  async #runOpen(
    key: string,
    command: SshCommand,
    t: Deadline,
    onStarted: (() => void) | undefined,
  ): Promise<SshResult> {
    this.#commands.set(key, command)
    onStarted?.()
    try {
      return await finishBy(command.ended, t)
    } finally {
      this.#commands.delete(key)
    }
  }

  async #forward(t: Deadline, open: (session: SshSession) => Promise<PortForward>) {
    const forward = await open(await this.#session(t))
    const id = ++this.#forwardsMade
    this.#forwards.set(id, forward)
    return { id, host: forward.host, port: forward.port }
  }

  async #session(t: Deadline): Promise<SshSession> {
    const { shell, ask, noShell } = this.#access
    const session = await this.#ssh.session(shell(), ask, t)
    if (session === undefined) throw noShell()
    return session
  }
}
