import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { runTool } from '../unit/codecs/oracle.ts'

/** A disk of this machine's kernel, made of a file. */
export interface LoopDisk extends Disposable {
  /** `/dev/loop3` */
  readonly device: string
}

export function makeLoopDisk(directory: string, size: number): LoopDisk {
  const file = join(directory, 'disk')
  writeFileSync(file, '')
  truncateSync(file, size)
  const device = runTool('losetup', ['--show', '-f', file]).toString().trim()
  return { device, [Symbol.dispose]: () => void runTool('losetup', ['-d', device]) }
}

export interface FakeDisk {
  readonly name: string
  readonly usbPath: string
  readonly size: number
  readonly lun?: number
  readonly readOnly?: boolean
  readonly holders?: readonly string[]
}

/** What the kernel says of disks in /sys, /dev and /proc, made up in a directory. */
export function fakeSystem(directory: string, disks: readonly FakeDisk[], mounts = '') {
  const root = { sys: join(directory, 'sys'), dev: join(directory, 'dev'), proc: join(directory, 'proc') }
  for (const path of [join(root.sys, 'block'), root.dev, join(root.proc, 'self')])
    mkdirSync(path, { recursive: true })
  writeFileSync(join(root.proc, 'self/mounts'), mounts.replaceAll('/dev/', `${root.dev}/`))
  for (const { name, usbPath, size, lun = 0, readOnly = false, holders = [] } of disks) {
    const [bus = ''] = usbPath.split('-')
    const device = join(
      root.sys,
      `devices/pci0000:00/usb${bus}`,
      usbPath,
      `${usbPath}:1.0/host4/target4:0:0/4:0:0:${lun}/block`,
      name,
    )
    mkdirSync(join(device, 'holders'), { recursive: true })
    mkdirSync(join(device, `${name}1`, 'holders'), { recursive: true })
    for (const holder of holders) writeFileSync(join(device, 'holders', holder), '')
    writeFileSync(join(device, 'size'), `${size / 512}\n`)
    writeFileSync(join(device, 'ro'), readOnly ? '1\n' : '0\n')
    symlinkSync(device, join(root.sys, 'block', basename(device)))
  }
  return root
}
