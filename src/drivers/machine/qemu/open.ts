import { execa } from 'execa'
import type { DriverContext } from '../../../board/driver.ts'
import type { Machine } from '../../../board/machine.ts'
import { startDeadline, type Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { findProgram } from '../../../core/find-program.ts'
import { dieWithParent } from '../../../transports/die-with-parent.ts'
import { qemuArguments } from './arguments.ts'
import { checkFiles } from './check-files.ts'
import type { QemuOptions } from './options.ts'
import { driveFile } from './overlay.ts'
import { createQemuMachine } from './qemu-machine.ts'
import { createTftpDirectory, userNetworkHost } from './tftp-directory.ts'

/** Time to stop the process at release; `off` asks first and kills after two seconds. */
const releaseMs = 10_000

/**
 * @throws HilError `machine.not-installed`, `machine.not-qemu`, `machine.file-missing`,
 *   `machine.no-overlay` (environment)
 */
export async function openQemu(options: QemuOptions, context: DriverContext, t: Deadline): Promise<Machine> {
  const binary = await findBinary(options.binary)
  const version = await readVersion(binary, t)
  await checkFiles(options)

  const tftp = options.network === false ? undefined : await createTftpDirectory(context.temporaryDirectory)
  const drives = await Promise.all(
    options.drives.map((drive) => driveFile(drive, context.temporaryDirectory)),
  )
  const prepared = { drives, tftpDirectory: tftp?.directory }
  const argv = await dieWithParent([binary, ...qemuArguments(options, prepared)])
  const machine = createQemuMachine(
    {
      argv,
      onStderr: (text) => {
        context.log('QEMU wrote on stderr', { board: context.board, text })
      },
    },
    `the UART of ${options.binary} (${context.board})`,
  )
  context.undo.defer('stopping QEMU', async () => {
    using release = startDeadline(releaseMs, 'stopping QEMU')
    await machine.power.off(release)
  })
  return {
    ...machine,
    ...(tftp === undefined ? {} : { files: tftp }),
    ...(options.network === false || options.network.restrict ? {} : { hostAddress: userNetworkHost }),
    versions: { qemu: version },
  }
}

async function findBinary(name: string): Promise<string> {
  const binary = await findProgram(name)
  if (binary !== undefined) return binary
  throw new HilError(
    'machine.not-installed',
    `${name} is not ${name.includes('/') ? 'a program that can be run' : 'in PATH'}; install the package ${packageOf(name)} ("npm run setup" does it on Debian and Ubuntu)`,
    { blame: 'environment', details: { binary: name } },
  )
}

/** Which package of Debian bookworm holds an emulator. */
function packageOf(binary: string): string {
  const target = /qemu-system-(\w+)$/.exec(binary)?.[1] ?? ''
  if (/^(aarch64|arm)$/.test(target)) return 'qemu-system-arm'
  if (/^(i386|x86_64)$/.test(target)) return 'qemu-system-x86'
  return /^(riscv32|riscv64)$/.test(target) ? 'qemu-system-misc' : 'qemu-system'
}

async function readVersion(binary: string, t: Deadline): Promise<string> {
  const { stdout, shortMessage, stderr } = await execa(binary, ['--version'], {
    reject: false,
    cancelSignal: t.signal,
  })
  t.throwIfOver()
  const version = /^QEMU emulator version (\d[\w.-]{0,40})/.exec(stdout)?.[1]
  if (version !== undefined) return version
  throw new HilError(
    'machine.not-qemu',
    `"${binary} --version" named no version: ${stderr || shortMessage || stdout}`,
    {
      blame: 'environment',
      details: { binary, stdout, stderr },
    },
  )
}
