import { ShellTransfer } from '../../src/board/shell-transfer/shell-transfer.ts'
import { linuxShell } from '../../src/drivers/shell/linux.ts'
import { openConsoleBench } from '../support/console-bench.ts'
import { summariseContract } from '../support/contract-summary.ts'
import { openSshSession } from '../support/ssh/ssh-session.ts'
import { describeFileTransfer, type FileTransferCase } from './file-transfer-contract.ts'
import { ashOnQemu, bash, busybox, dash, inPromptMode, simulated } from './shell-cases.ts'
import type { ShellCase } from './shell-contract.ts'

/** Over the console, with the driver that shells on consoles have. */
function overConsole(subject: ShellCase, more: Partial<FileTransferCase> = {}): FileTransferCase {
  return {
    name: `the console of ${subject.name}`,
    needs: subject.needs,
    scale: subject.scale ?? 1,
    async open(context, t) {
      const options = linuxShell.schema.parse(subject.options ?? {})
      const driver = await linuxShell.open(options, context, t)
      const bench = await openConsoleBench(await subject.open(context, t), context.undo)
      await subject.start?.(context, t)
      const shell = await driver.login(bench.take(), t)
      return { shell, transfer: new ShellTransfer(shell, { by: 'console' }) }
    },
    ...more,
    cannot: {
      'is not there at all':
        'a shell that was interrupted is not known to be there: the session looks for it',
      ...more.cannot,
    },
  }
}

/** Over SSH, with what the server has. @param more lines of sshd_config */
function overSsh(name: string, more: readonly string[]): FileTransferCase {
  return {
    name,
    needs: ['sshd'],
    async open(context, t) {
      const { session } = await openSshSession(context, t, more)
      return { shell: session, transfer: session.files }
    },
  }
}

describe('The contract of file transfer', function () {
  after(function () {
    const root = this.test?.parent
    if (root !== undefined) summariseContract('File transfer', root)
  })

  describeFileTransfer(overConsole(bash))
  describeFileTransfer(overConsole(inPromptMode(bash), { scale: 0.1 }))
  describeFileTransfer(overConsole(dash))
  describeFileTransfer(overConsole(busybox))
  describeFileTransfer(overConsole(ashOnQemu))
  describeFileTransfer(overConsole(simulated('ash')))
  describeFileTransfer(overSsh('SFTP of sshd', []))
  describeFileTransfer(overSsh('SSH without SFTP', ['Subsystem sftp /bin/false']))
})
