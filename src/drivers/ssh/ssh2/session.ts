import type { FileTransfer } from '../../../board/file-transfer.ts'
import type {
  NetworkAddress,
  PortForward,
  SshCommand,
  SshResult,
  SshRunOptions,
  SshSession,
} from '../../../board/ssh.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { forwardFrom, forwardTo } from '../../../transports/ssh/forward.ts'
import type { SshConnection } from '../../../transports/ssh/connection.ts'
import { revokedError } from '../../framing/command-errors.ts'
import { startCommand } from './command.ts'
import { Ssh2Files } from './files.ts'

/** A board that was logged in to. The connection is not made again when it is lost: then it may be another boot. */
export class Ssh2Session implements SshSession {
  readonly name: string
  readonly files: FileTransfer
  readonly #connection: SshConnection
  #isClosed = false

  constructor(connection: SshConnection) {
    this.name = connection.name
    this.#connection = connection
    this.files = new Ssh2Files(connection)
    connection.onLost(() => {
      this.#isClosed = true
    })
  }

  get isOpen(): boolean {
    return !this.#isClosed
  }

  async run(command: string, t: Deadline, options: SshRunOptions = {}): Promise<SshResult> {
    const { input = '' } = options
    const running = await this.start(command, t, options)
    // One that does not read to the end has its answer all the same.
    if (input.length > 0)
      void running.write(input).then(
        () => {
          running.endInput()
        },
        () => undefined,
      )
    else running.endInput()
    return running.ended
  }

  async start(command: string, t: Deadline, options: SshRunOptions = {}): Promise<SshCommand> {
    this.#assertOpen()
    return startCommand(this.#connection, command, options, t)
  }

  async forwardTo(target: NetworkAddress, t: Deadline): Promise<PortForward> {
    this.#assertOpen()
    return forwardTo(this.#connection, target, t)
  }

  async forwardFrom(port: number, target: NetworkAddress, t: Deadline): Promise<PortForward> {
    this.#assertOpen()
    return forwardFrom(this.#connection, port, target, t)
  }

  async close(): Promise<void> {
    await this.#connection.close()
    this.#isClosed = true
  }

  #assertOpen(): void {
    if (this.#isClosed) throw revokedError(`the SSH session ${this.name}`, 'its connection is gone')
  }
}
