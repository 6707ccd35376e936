import type { SshSession } from '../../../src/board/ssh.ts'
import type { Deadline } from '../../../src/core/deadline.ts'
import { ssh2Driver } from '../../../src/drivers/ssh/ssh2.ts'
import type { TestContext } from '../driver-context.ts'
import { startSshd, type TestSshd } from './sshd.ts'

/** A session with a real sshd of the test's own; both end with the context. */
export async function openSshSession(
  context: TestContext,
  t: Deadline,
  more: readonly string[] = [],
): Promise<{ readonly session: SshSession; readonly sshd: TestSshd }> {
  const sshd = await startSshd(more)
  context.undo.defer('sshd', () => sshd[Symbol.asyncDispose]())
  const options = ssh2Driver.schema.parse({
    ...{ host: '127.0.0.1', port: sshd.port, user: sshd.user, key: sshd.key, hostKey: sshd.hostKey },
  })
  const driver = await ssh2Driver.open(options, context, t)
  const session = await driver.connect({ host: '127.0.0.1', port: sshd.port }, undefined, t)
  context.undo.defer('the SSH session', () => session.close())
  return { session, sshd }
}
