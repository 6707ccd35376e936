import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianArm64 } from '../../../scripts/setup/places.mjs'
import { buildBusyboxInitramfs } from '../../../src/build/initrd/busybox-initramfs.ts'
import { startServer } from '../power/server-process.ts'

/** A board as a lab has one: a UART that is a device file, and a switch that is somewhere else. */
export interface QemuBench extends AsyncDisposable {
  /** `/dev/pts/3`, or the TCP port it was asked to listen at. */
  readonly uart: string
  /** Its monitor, for `power: { driver: qemu-monitor }`. */
  readonly monitor: string
  /** Its bootloader's command that boots a kernel with a shell. */
  readonly bootCommand: string
}

const addresses = { kernel: 0x4200_0000, initrd: 0x4800_0000 } as const

/**
 * A QEMU with U-Boot that is off, kernel and initramfs in its memory as soon as it is on.
 * @param tcpPort of its UART, which is then no device file. For who measures time: QEMU looks but once a second
 *   whether a device file is open again.
 */
export async function startQemuBench(tcpPort?: number): Promise<QemuBench> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-bench-'))
  const monitor = join(directory, 'qmp')
  const initrd = join(directory, 'initrd.cpio')
  const initramfs = await buildBusyboxInitramfs(debianArm64().busybox)
  await writeFile(initrd, initramfs.open())
  const load = (file: string, address: number) => [
    '-device',
    `loader,file=${file},addr=${address},force-raw=on`,
  ]
  let deviceFile = ''
  // The device file is there in either case: by its line QEMU tells that it has started.
  const overTcp =
    tcpPort === undefined
      ? []
      : ['-chardev', `socket,id=tcp,host=127.0.0.1,port=${tcpPort},server=on,wait=off,nodelay=on`]
  const line = tcpPort === undefined ? 'file' : 'tcp'
  const server = await startServer(
    [
      ...['qemu-system-aarch64', '-M', 'virt', '-cpu', 'cortex-a57', '-m', '512', '-display', 'none', '-S'],
      ...[
        '-bios',
        '/usr/lib/u-boot/qemu_arm64/u-boot.bin',
        '-nic',
        'none',
        '-no-shutdown',
        '-monitor',
        'none',
      ],
      ...overTcp,
      ...[
        '-chardev',
        'pty,id=file',
        '-serial',
        `chardev:${line}`,
        '-qmp',
        `unix:${monitor},server=on,wait=off`,
      ],
      ...load(debianArm64().kernel, addresses.kernel),
      ...load(initrd, addresses.initrd),
    ],
    (said) => {
      deviceFile = /redirected to (\/dev\/pts\/\d+)/.exec(said)?.[1] ?? ''
      return deviceFile !== ''
    },
  )
  const hex = (number: number) => `0x${number.toString(16)}`
  const boot = `booti ${hex(addresses.kernel)} ${hex(addresses.initrd)}:${hex(initramfs.size)} \${fdtcontroladdr}`
  return {
    uart: tcpPort === undefined ? deviceFile : String(tcpPort),
    monitor,
    bootCommand: `setenv bootargs console=ttyAMA0; ${boot}`,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
