import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { TestContext } from './driver-context.ts'
import type { LoopDisk } from './loop-disk.ts'
import { writeTool } from './power/tools.ts'
import { startSshd, type TestSshd } from './ssh/sshd.ts'

/** The mux of the first kind. */
export const muxDevice = '/dev/sg7'

/** usbsdmux 0.2.1, sd-mux-ctrl of Tizen and sdwire of Badgerd, each with one mux. */
const usbsdmux = `
[ "$1" = ${muxDevice} ] || exit 1
case $2 in get) cat side 2>/dev/null || echo off;; *) echo $2 > side;; esac
`
const control = `
case $2 in
--ts) echo TS > side;;
--dut) echo DUT > side;;
--status) echo "SD connected to: $(cat side)";;
esac
`

const sdwire = `
case "$*" in
list) printf 'Serial\\t\\t\\tProduct Info\\t\\tBlock Dev\\nsdwire_gen2_101:1.7\\t[0bda::0316]\\t\\t/dev/sdz\\n';;
'switch -s sdwire_gen2_101:1.7 host') echo host > side; mv /sys/away/* /sys/block/ 2>/dev/null || :;;
'switch -s sdwire_gen2_101:1.7 dut') echo dut > side; mkdir -p /sys/away; mv /sys/block/* /sys/away/;;
*) exit 2;;
esac
`

/** Another machine, logged in to over SSH, with a USB-SD-Mux, an SDWire and an SDWire3, whose disk is a real one. */
export interface MuxMachine extends AsyncDisposable {
  readonly sshd: TestSshd
  /** What the kernel there says of devices: its /sys. */
  readonly sys: string
  /** What it says of the disk, there. */
  readonly block: string
}

/** @param bytes how large its kernel says that the disk is */
export async function startMuxMachine(
  machine: TestContext,
  disk: LoopDisk,
  bytes: number,
): Promise<MuxMachine> {
  const bin = dirname(await writeTool(machine, 'usbsdmux', usbsdmux))
  await writeTool(machine, 'sd-mux-ctrl', control)
  await writeTool(machine, 'sdwire', sdwire)
  const sys = await deviceTree(machine, disk, bytes)
  const enter = join(bin, 'enter')
  await writeFile(enter, enterMachine(sys, bin), { mode: 0o755 })
  const sshd = await startSshd([`ForceCommand ${enter}`])
  return {
    ...{ sshd, sys },
    block: join(sys, reader, 'block', basename(disk.device)),
    [Symbol.asyncDispose]: () => sshd[Symbol.asyncDispose](),
  }
}

const hub = 'devices/pci0000:00/usb1/1-4'
const reader = `${hub}/1-4.1/1-4.1:1.0/host4/target4:0:0/4:0:0:0`

/** What the kernel of that machine says of the muxes: their disk is the one we have. @returns its /sys */
async function deviceTree(
  { temporaryDirectory }: TestContext,
  { device }: LoopDisk,
  bytes: number,
): Promise<string> {
  const sys = join(temporaryDirectory, 'sys')
  const name = basename(device)
  const nodes = {
    [`${reader}/block/${name}`]: { size: `${bytes / 512}`, ro: '0' },
    [`${reader}/scsi_generic/sg7`]: {},
    [`${hub}/1-4.1`]: { serial: 'sdwire_gen2_101' },
    [`${hub}/1-4.2`]: { serial: 'sd-wire_11' },
  }
  for (const [path, attributes] of Object.entries(nodes)) {
    await mkdir(join(sys, path), { recursive: true })
    for (const [attribute, value] of Object.entries(attributes))
      await writeFile(join(sys, path, attribute), `${value}\n`)
  }
  const links = {
    [`block/${name}`]: `${reader}/block/${name}`,
    'class/scsi_generic/sg7': `${reader}/scsi_generic/sg7`,
    [`${reader}/scsi_generic/sg7/device`]: reader,
    'bus/usb/devices/1-4.1': `${hub}/1-4.1`,
    'bus/usb/devices/1-4.2': `${hub}/1-4.2`,
  }
  for (const [link, target] of Object.entries(links)) {
    await mkdir(dirname(join(sys, link)), { recursive: true })
    await symlink(join('/sys', target), join(sys, link))
  }
  return sys
}

/** A machine with that /sys, to whoever logs in. */
function enterMachine(sys: string, bin: string): string {
  return `#!/bin/sh
export PATH=${bin}:/usr/sbin:/usr/bin:/sbin:/bin
exec unshare -m sh -c 'mount --rbind ${sys} /sys && exec sh -c "$SSH_ORIGINAL_COMMAND"'
`
}
