import type { SshSession } from '../../src/board/ssh.ts'
import { startDeadline, type Deadline } from '../../src/core/deadline.ts'
import { leaveOut, summariseContract } from '../support/contract-summary.ts'
import { createTestContext, type TestContext } from '../support/driver-context.ts'
import { describeWith } from '../support/requirements.ts'
import { openSshSession } from '../support/ssh/ssh-session.ts'
import { commandCases } from './command-contract.ts'

/** Shells pass these cases too, in their own suite. */
describe('The contract of commands', function () {
  after(function () {
    const root = this.test?.parent
    if (root !== undefined) summariseContract('Commands', root)
  })

  describeWith(['sshd'], 'SSH to sshd of this machine', function () {
    this.timeout(90_000)
    let context: TestContext
    let session: SshSession
    let t: Deadline

    before(async () => {
      using start = startDeadline(30_000, 'starting sshd')
      context = await createTestContext()
      ;({ session } = await openSshSession(context, start))
    })
    after(() => context.release())
    beforeEach(() => {
      t = startDeadline(60_000, 'test')
    })
    afterEach(() => {
      t[Symbol.dispose]()
    })

    const cannot: Readonly<Record<string, string>> = {}
    commandCases({
      runner: () => session,
      t: () => t,
      scale: 1,
      can: (title, test) => {
        const reason = cannot[title]
        if (reason === undefined) it(title, test)
        else leaveOut(this, title, reason)
      },
    })
  })
})
