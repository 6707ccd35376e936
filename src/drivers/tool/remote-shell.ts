import type { DriverContext } from '../../board/driver.ts'
import type { SshLogin } from '../../board/ssh-login.ts'
import type { Deadline } from '../../core/deadline.ts'
import { SshConnection } from '../../transports/ssh/connection.ts'
import { startRemote } from '../../transports/ssh/remote-process.ts'
import { sshTarget } from '../../transports/ssh/target.ts'
import { whileFed, type ToolInput } from './feed.ts'
import type { ToolOutcome } from './tool.ts'

/**
 * Runs commands on another machine, over one connection that lasts as long as the board is used and is made when
 * the first command needs it.
 */
export function remoteShell(
  login: SshLogin,
  { secret, undo }: Pick<DriverContext, 'secret' | 'undo'>,
): (command: string, t: Deadline, input?: ToolInput) => Promise<ToolOutcome> {
  let opened: Promise<SshConnection> | undefined
  const open = async () => {
    const connection = new SshConnection(await sshTarget(login, secret))
    undo.defer(`closing the connection to ${login.host}`, () => connection.close())
    return connection
  }
  return async (command, t, input) => {
    opened ??= open()
    const connection = await opened
    const [stdout, stderr]: Uint8Array[][] = [[], []]
    const process = await startRemote(
      connection,
      command,
      { stdout: (bytes) => stdout?.push(bytes), stderr: (bytes) => stderr?.push(bytes) },
      t,
    )
    if (input === undefined) process.endInput()
    try {
      const { exitCode } = await t.race(
        input === undefined ? process.ended : whileFed(process.ended, process, input),
      )
      return { exitCode, stdout: textOf(stdout), stderr: textOf(stderr) }
    } catch (error) {
      process.close()
      throw error
    }
  }
}

/** Without the last end of line. */
function textOf(parts: readonly Uint8Array[] = []): string {
  return Buffer.concat(parts)
    .toString()
    .replace(/\r?\n$/, '')
}
