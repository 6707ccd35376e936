import { join } from 'node:path'
import type { BootPlan, ServedFile } from '../../../board/boot-plan.ts'
import type { QemuOptions } from './options.ts'
import type { DriveFile } from './overlay.ts'

/** File descriptors that QEMU inherits: one end of a socket pair each, the other end is ours. */
const inheritedSockets = { qmp: 3, uart: 4 } as const

/** What the UART is called in QEMU. */
export const uartChardev = 'hil-uart'

/** What was made for this run. */
interface PreparedFiles {
  readonly drives: readonly DriveFile[]
  /** What the board may fetch by TFTP. */
  readonly tftpDirectory: string | undefined
}

/**
 * QEMU's arguments. There are no socket files and no ports: monitor and UART are inherited, so
 * nothing can be lost before we are connected, no path can be too long and nobody else can connect.
 *
 * `-no-reboot` is not given, so a reset stays within the process as on a real board. With
 * `-no-shutdown` a guest that powers itself off stays there to be asked for its state.
 */
export function qemuArguments(
  options: QemuOptions,
  { drives, tftpDirectory }: PreparedFiles,
): readonly string[] {
  return [
    ...['-nodefaults', '-display', 'none', '-no-shutdown'],
    ...['-machine', options.machine, '-cpu', options.cpu, '-m', String(options.memory)],
    ...['-chardev', `socket,id=hil-qmp,fd=${inheritedSockets.qmp}`, '-mon', 'chardev=hil-qmp,mode=control'],
    ...Array.from({ length: options.uart }, () => ['-serial', 'null']).flat(),
    ...[
      '-chardev',
      `socket,id=${uartChardev},fd=${inheritedSockets.uart}`,
      '-serial',
      `chardev:${uartChardev}`,
    ],
    ...optional('-bios', options.firmware),
    ...optional('-kernel', options.kernel),
    ...optional('-initrd', options.initrd),
    ...optional('-append', options.append),
    ...optional('-dtb', options.dtb),
    ...drives.flatMap(driveArguments),
    ...networkArguments(options.network, tftpDirectory),
    ...options.arguments,
  ]
}

/**
 * What starts the kernel of a plan in place of another.
 * @param append the command line that its arguments are added to
 * @param directory where its files are
 */
export function kernelArguments(
  { override, bootargs }: BootPlan,
  append: string | undefined,
  directory: string,
): readonly string[] {
  const pathOf = (file: ServedFile | undefined) => file && join(directory, file.name)
  const { image, initrd, deviceTree } = override ?? {}
  const base = deviceTree?.base
  return [
    ...optional('-kernel', pathOf(image)),
    ...optional('-initrd', pathOf(initrd?.files[0])),
    ...optional('-dtb', typeof base === 'string' ? undefined : pathOf(base)),
    ...['-append', [append, ...bootargs].filter(Boolean).join(' ')],
  ]
}

function optional(flag: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [flag, value]
}

function driveArguments(drive: DriveFile, index: number): readonly string[] {
  const id = `hil-drive${index}`
  const asDevice = drive.interface === 'virtio'
  const properties = [
    `if=${asDevice ? 'none' : drive.interface}`,
    `id=${id}`,
    `format=${drive.format}`,
    `file=${quoteValue(drive.path)}`,
  ]
  const device = asDevice ? ['-device', `virtio-blk-device,drive=${id}`] : []
  return ['-drive', properties.join(','), ...device]
}

function networkArguments(
  network: QemuOptions['network'],
  tftpDirectory: string | undefined,
): readonly string[] {
  if (network === false) return []
  const tftp = tftpDirectory === undefined ? '' : `,tftp=${quoteValue(tftpDirectory)}`
  const backend = `user,id=hil-net,restrict=${network.restrict ? 'on' : 'off'}${tftp}`
  const device =
    network.device === 'onboard'
      ? ['-net', 'nic,netdev=hil-net']
      : ['-device', `${network.device},netdev=hil-net`]
  return ['-netdev', backend, ...device]
}

/** In QEMU's `key=value,key=value` a comma of a value is written twice. */
function quoteValue(value: string): string {
  return value.replaceAll(',', ',,')
}
