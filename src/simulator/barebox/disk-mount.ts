import type { Barebox } from './barebox.ts'
import type { Mount } from './files/mount.ts'
import { treeContent } from './files/mount.ts'

export const diskDevice = 'virtioblk0'
export const diskPath = `/mnt/${diskDevice}`

/** Mounts the disk unless it is mounted already. @returns false where there is no disk */
export async function mountDisk(barebox: Barebox, { quiet }: { readonly quiet: boolean }): Promise<boolean> {
  const { disk, files } = barebox
  if (disk === undefined) return false
  if (files.mounts.some(({ path }) => path === diskPath)) return true
  const mount: Mount = {
    source: `/dev/${diskDevice}`,
    path: diskPath,
    type: 'ext4',
    content: treeContent(disk),
  }
  files.mount(mount)
  await barebox.print('ext4 ext40: EXT2 rev 1, inode_size 256, descriptor size 64\n')
  if (!quiet) await barebox.print(`mounted /dev/${diskDevice} on ${diskPath}\n`)
  return true
}
