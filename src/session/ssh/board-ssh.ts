import type { Shell } from '../../board/shell.ts'
import type { SshDriver, SshSession } from '../../board/ssh.ts'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { TakenBoard } from '../../lab/taken-board.ts'
import { logInToBoard, type AskShell } from './log-in.ts'

/**
 * The SSH session of one board: made when it is first needed in a boot, and proven to be with the board that
 * has the console. It outlives a console that a spec uses by itself, and ends with the boot.
 */
export class BoardSsh {
  readonly #board: TakenBoard
  #session: Promise<SshSession> | undefined
  #login = new AbortController()
  /** The shell that the session was made beside. */
  #shell: Shell | undefined

  constructor(board: TakenBoard) {
    this.#board = board
  }

  /** @throws HilError `environment.no-ssh` (environment) */
  requireDriver(): SshDriver {
    const { ssh, name } = this.#board
    if (ssh !== undefined) return ssh
    throw new HilError(
      'environment.no-ssh',
      `the environment does not say how to log in to board "${name}" over the network; add "ssh:" (ssh: {} asks the board for its address)`,
      { blame: 'environment', details: { board: name } },
    )
  }

  /**
   * @param shell that of the present state; undefined where it has none, or the console is used otherwise
   * @param ask runs something in the shell when nobody else uses it
   * @returns `undefined` where there is neither a session nor a shell to begin one beside
   */
  async session(shell: Shell | undefined, ask: AskShell, t: Deadline): Promise<SshSession | undefined> {
    const driver = this.requireDriver()
    const before = this.#session
    const isSame = shell === undefined || shell === this.#shell
    const open = isSame ? await this.#openOne(t) : undefined
    if (open !== undefined || shell === undefined) return open
    // Who has found it lost at the same time may have begun the next one.
    if (isSame && this.#session !== before) return this.session(shell, ask, t)
    return t.race(this.#begin(shell, driver, ask))
  }

  /** At once: who comes next finds it. */
  #begin(shell: Shell, driver: SshDriver, ask: AskShell): Promise<SshSession> {
    const closed = this.close()
    this.#shell = shell
    this.#login = new AbortController()
    const { signal } = this.#login
    this.#session = closed.then(() => logInToBoard(this.#board, driver, ask, signal))
    this.#session.catch(() => undefined)
    return this.#session
  }

  /** The board is left: what goes over the network ends. */
  async close(): Promise<void> {
    const session = this.#session
    this.#session = undefined
    this.#shell = undefined
    this.#login.abort(leftError(this.#board.name))
    await session?.then(
      (open) => open.close(),
      () => undefined,
    )
  }

  /** That which is there, or is being made. */
  async #openOne(t: Deadline): Promise<SshSession | undefined> {
    const session = await (this.#session && t.race(this.#session.catch(() => undefined)))
    return session?.isOpen === true ? session : undefined
  }
}

function leftError(board: string): HilError {
  return new HilError(
    'ssh.board-left',
    `${board} was left while it was being logged in to over the network`,
    {
      blame: 'test',
      details: { board },
    },
  )
}
