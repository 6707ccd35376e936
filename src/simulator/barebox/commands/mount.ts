import { resolvePath } from '../../files/file-tree.ts'
import type { Barebox } from '../barebox.ts'
import { diskDevice, mountDisk } from '../disk-mount.ts'
import { Errno, errno } from '../errno.ts'
import { tftpMount } from '../network.ts'
import { UsageError, optionValue, parseOptions, type Command } from './command.ts'

/** `mount`, `mount DEVICE`, `mount -t tftp [-o port=N] SERVER DIRECTORY`. */
export const mount: Command = {
  summary: 'mount a filesystem or list mounted filesystems',
  usage: '[[-atov] [DEVICE] [MOUNTPOINT]]',
  run: async ({ barebox, argv }) => {
    const parsed = parseOptions(argv, 't:o:av')
    const [source, target] = parsed.operands
    if (source === undefined) {
      for (const { source: what, path, type } of barebox.files.mounts) {
        await barebox.print(`${what} on ${path} type ${type}\n`)
      }
      return 0
    }
    const type = optionValue(parsed, 't')
    if (type === undefined) return mountDevice(barebox, source)
    if (target === undefined) throw new UsageError()
    const path = resolvePath(barebox.directory, target)
    if ((await barebox.files.find(path))?.type !== 'directory') throw new Errno(errno.noEntry)
    if (barebox.files.mounts.some((mounted) => mounted.path === path)) throw new Errno(errno.busy)
    if (type !== 'tftp') {
      barebox.hardware.unsupported(`barebox: mount -t ${type}`)
      throw new Errno(errno.noDevice)
    }
    const port = /(?:^|,)port=(\d+)/.exec(optionValue(parsed, 'o') ?? '')?.[1]
    barebox.files.mount(tftpMount(barebox, source, Number(port ?? '69'), path))
    return 0
  },
}

async function mountDevice(barebox: Barebox, source: string): Promise<number> {
  const name = source.replace(/^\/dev\//, '')
  if (name !== diskDevice || !(await mountDisk(barebox, { quiet: false }))) throw new Errno(errno.noEntry)
  return 0
}

export const umount: Command = {
  summary: 'umount a filesystem',
  usage: 'MOUNTPOINT/DEVICEPATH',
  run: ({ barebox, argv }) => {
    const target = argv[1]
    if (target === undefined) throw new UsageError()
    const path = resolvePath(barebox.directory, target)
    if (barebox.directory.startsWith(`${path}/`) || barebox.directory === path) throw new Errno(errno.busy)
    if (barebox.files.unmount(path) === undefined) throw new Errno(errno.noEntry)
    return 0
  },
}
