import type { BootPlan } from '../../../board/boot-plan.ts'
import type { DriverContext } from '../../../board/driver.ts'
import type { Machine } from '../../../board/machine.ts'
import { startDeadline, type Deadline } from '../../../core/deadline.ts'
import { dieWithParent } from '../../../transports/die-with-parent.ts'
import { kernelArguments, qemuArguments } from './arguments.ts'
import { findBinary, readVersion } from './binary.ts'
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
  let kernel: readonly string[] = []
  const machine = createQemuMachine(
    {
      // What is given last holds.
      get argv() {
        return [...argv, ...kernel] as const
      },
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
  const { power, openConsole, reach } = machine
  return {
    ...{ power, openConsole, ...(options.network === false ? {} : { reach }) },
    ...(tftp === undefined
      ? {}
      : {
          files: tftp,
          loadKernel: (plan: BootPlan) => {
            kernel = kernelArguments(plan, options.append, tftp.directory)
          },
        }),
    ...(options.network === false || options.network.restrict ? {} : { hostAddress: userNetworkHost }),
    versions: { qemu: version },
  }
}
