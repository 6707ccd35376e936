import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { DriverContext } from '../../../board/driver.ts'
import { startDeadline, type Deadline } from '../../../core/deadline.ts'
import { dieWithParent } from '../../../transports/die-with-parent.ts'
import { qemuArguments } from './arguments.ts'
import { findBinary, readVersion } from './binary.ts'
import { checkFiles } from './check-files.ts'
import type { QemuHardware } from './options.ts'
import { driveFile } from './overlay.ts'
import { notStarted } from './qemu-machine.ts'
import { startQemu } from './qemu-process.ts'
import type { QmpEvent } from './qmp-client.ts'

/** What a bootloader would start. */
interface LoadedKernel {
  readonly commandLine: string
  readonly kernel?: Uint8Array
  readonly initrd?: Uint8Array | undefined
  readonly deviceTree?: Uint8Array | undefined
}

/** One run of a kernel, from its start to its reset or power-off. */
interface KernelRun {
  readonly output: AsyncIterable<Uint8Array>
  write(bytes: Uint8Array): void
  readonly ended: Promise<'reset' | 'power-off'>
  stop(): Promise<void>
}

/** QEMU in the place of a board whose bootloader is somewhere else. */
export interface QemuForKernels {
  /** `ended` rejects with HilError `machine.refused` (environment) or `machine.died` (infrastructure). */
  readonly start: (kernel: LoadedKernel) => Promise<KernelRun>
  readonly version: string
}

/** Time to stop the process; it is asked first, and killed after two seconds. */
const stopMs = 10_000

/**
 * Prepares everything but the kernel. What the board writes to its drives is kept from kernel to kernel.
 * @throws HilError `machine.not-installed`, `machine.not-qemu`, `machine.file-missing`,
 *   `machine.no-overlay` (environment)
 */
export async function openQemuForKernels(
  hardware: QemuHardware,
  { temporaryDirectory, board, log }: Pick<DriverContext, 'temporaryDirectory' | 'board' | 'log'>,
  t: Deadline,
): Promise<QemuForKernels> {
  const binary = await findBinary(hardware.binary)
  const version = await readVersion(binary, t)
  await checkFiles(hardware)
  const drives = await Promise.all(hardware.drives.map((drive) => driveFile(drive, temporaryDirectory)))
  return {
    version,
    start: async (loaded) => {
      const directory = join(temporaryDirectory, `kernel-${randomUUID()}`)
      await mkdir(directory)
      const files = await writeKernel(directory, loaded)
      const options = { ...hardware, firmware: undefined, ...files }
      const argv = qemuArguments(options, { drives, tftpDirectory: undefined })
      const onStderr = (text: string) => {
        log('QEMU wrote on stderr', { board, text })
      }
      const run = runQemu(await dieWithParent([binary, ...argv, '-no-reboot']), onStderr)
      const gone = async () => {
        await run.stop()
        await rm(directory, { recursive: true, force: true })
      }
      return { ...run, stop: gone }
    },
  }
}

async function writeKernel(directory: string, { commandLine, kernel, initrd, deviceTree }: LoadedKernel) {
  const write = async (name: string, bytes: Uint8Array | undefined) => {
    if (bytes === undefined) return undefined
    const path = join(directory, name)
    await writeFile(path, bytes)
    return path
  }
  return {
    kernel: await write('kernel', kernel),
    initrd: await write('initrd', initrd),
    dtb: await write('device-tree.dtb', deviceTree),
    append: commandLine,
  }
}

function runQemu(argv: readonly [string, ...string[]], onStderr: (text: string) => void): KernelRun {
  let settle: (end: 'reset' | 'power-off') => void = () => undefined
  const byItself = new Promise<'reset' | 'power-off'>((resolve) => {
    settle = resolve
  })
  // QEMU, qapi/run-state.json, ShutdownCause. With -no-reboot a reset comes as a shutdown, and with
  // -no-shutdown the process waits to be stopped.
  const onEvent = ({ name, data }: QmpEvent) => {
    if (name === 'SHUTDOWN') settle(data['reason'] === 'guest-reset' ? 'reset' : 'power-off')
  }
  const qemu = startQemu({ argv, onStderr, onEvent })
  const broken = qemu.ended.then((end) => {
    throw notStarted(end)
  })
  const ended = Promise.race([byItself, broken])
  // Once it was stopped nobody asks how it ended.
  ended.catch(() => undefined)
  return {
    output: readAll(qemu.uart),
    write: (bytes) => {
      if (qemu.uart.writable) qemu.uart.write(bytes)
    },
    ended,
    stop: async () => {
      using t = startDeadline(stopMs, 'stopping QEMU')
      await qemu.stop(t)
    },
  }
}

/** The end of the process is what tells; that its socket broke adds nothing. */
async function* readAll(uart: Duplex): AsyncGenerator<Uint8Array> {
  try {
    for await (const bytes of uart) yield bytes as Uint8Array
  } catch {
    return
  }
}
