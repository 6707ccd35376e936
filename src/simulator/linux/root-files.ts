import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path/posix'
import { utf8 } from '../binary.ts'
import { directory, file, FileTree, liveFile, type FileNode } from '../files/file-tree.ts'
import type { Hardware } from '../hardware.ts'
import type { KernelLog } from './kernel-log.ts'

export interface RootFileFacts {
  readonly hardware: Hardware
  readonly log: KernelLog
  readonly commandLine: string
  readonly version: string
  readonly build: string
}

const osRelease = `\
PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
`

/** The root file system of the simulated board, with `/proc` and `/dev`. */
export function createRootFiles({ hardware, log, commandLine, build }: RootFileFacts): FileTree {
  const { linux } = hardware.options
  const files = new FileTree()
  const total = linux.memory * 1024
  const bootId = randomUUID()
  const tree: Readonly<Record<string, FileNode>> = {
    '/bin': directory(),
    '/dev': directory({
      null: device(() => ''),
      zero: device(() => '\0'.repeat(4096)),
      console: device(() => ''),
      tty: device(() => ''),
      ttyAMA0: device(() => ''),
      kmsg: liveFile(
        () => '',
        (text) => void log.log(text.replace(/^<\d>/, '').trimEnd()),
      ),
    }),
    '/etc': directory({
      'os-release': file(osRelease),
      hostname: file(`${linux.hostname}\n`),
      passwd: file('root:x:0:0:root:/root:/bin/sh\n'),
    }),
    '/init': file('', 0o755),
    '/lib': directory({ modules: directory({ [linux.release]: directory() }) }),
    '/mnt': directory(),
    '/proc': directory({
      version: liveFile(() => `Linux version ${linux.release} ${build}\n`),
      cmdline: liveFile(() => `${commandLine}\n`),
      uptime: liveFile(() => `${seconds(log.uptime())} ${seconds(log.uptime() * 0.9)}\n`),
      loadavg: liveFile(() => '0.00 0.00 0.00 1/50 100\n'),
      meminfo: liveFile(() => meminfo(total)),
      mounts: liveFile(
        () =>
          'rootfs / rootfs rw 0 0\nproc /proc proc rw,relatime 0 0\nsysfs /sys sysfs rw,relatime 0 0\ndevtmpfs /dev devtmpfs rw,relatime 0 0\n',
      ),
      'device-tree': directory({ model: liveFile(() => `${utf8(linux.model)}\0`) }),
      sys: directory({
        kernel: directory({
          printk: file('7\t4\t1\t7\n'),
          osrelease: liveFile(() => `${linux.release}\n`),
          random: directory({ boot_id: liveFile(() => `${bootId}\n`) }),
        }),
      }),
      self: directory(),
    }),
    '/root': directory(),
    '/sys': directory(),
    '/tmp': directory(),
    '/var': directory(),
  }
  for (const [path, node] of Object.entries(tree)) files.put(path, node)
  for (const [path, text] of Object.entries(linux.files)) {
    files.makeDirectories(dirname(path))
    files.put(path, file(utf8(text)))
  }
  return files
}

function device(read: () => string): FileNode {
  return { type: 'device', size: undefined, read, block: false }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2)
}

function meminfo(total: number): string {
  const row = (name: string, kilobytes: number) =>
    `${`${name}:`.padEnd(16)}${String(kilobytes).padStart(8)} kB\n`
  return (
    row('MemTotal', total - 54_084) + row('MemFree', total - 100_000) + row('MemAvailable', total - 90_000)
  )
}
