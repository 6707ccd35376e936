import { fromBytes, utf8 } from '../binary.ts'
import { directory, file, FileTree, FileTreeError, type FileNode } from '../files/file-tree.ts'
import type { Hardware } from '../hardware.ts'

/** A server directory at a path: its files are fetched when they are looked at. */
interface Mount {
  readonly source: string
  readonly path: string
  readonly type: string
  readonly fetch: ((name: string) => Promise<Uint8Array | undefined>) | undefined
}

/** barebox's file systems: RAM, and what is mounted. */
export class BareboxFiles {
  readonly tree = new FileTree()
  readonly #mounts: Mount[] = [{ source: 'none', path: '/', type: 'ramfs', fetch: undefined }]

  constructor({ options }: Hardware) {
    const device = (size: number | undefined): FileNode => ({
      type: 'device',
      size,
      read: () => '',
      block: false,
    })
    const tree: Readonly<Record<string, FileNode>> = {
      '/dev': directory({
        mem: device(undefined),
        nor0: device(134_217_728),
        null: device(undefined),
        ram0: device(1_073_741_824),
        virtioblk0: device(67_108_864),
        zero: device(undefined),
      }),
      '/env': directory({
        bin: directory({ devboot: file('#!/bin/sh\n') }),
        boot: directory(),
        init: directory(),
        nv: directory(),
      }),
      '/mnt': directory({
        tftp: directory(),
        virtioblk0: directory({
          Image: file(stockImage(options.linux.release)),
          loader: directory({
            entries: directory({
              'virt.conf': file(
                `title stock rootfs\nversion 1\nlinux /Image\noptions ${utf8(options.linux.bootargs)}\n`,
              ),
            }),
          }),
        }),
      }),
      '/tmp': directory(),
    }
    for (const [path, node] of Object.entries(tree)) this.tree.put(path, node)
  }

  get mounts(): readonly Readonly<Mount>[] {
    return this.#mounts
  }

  mount(source: string, type: string, path: string, fetch: Mount['fetch']): void {
    this.#mounts.push({ source, path, type, fetch })
  }

  /** @returns false when nothing is mounted there */
  unmount(path: string): boolean {
    const index = this.#mounts.findIndex((mount) => mount.path === path && mount.path !== '/')
    if (index === -1) return false
    this.#mounts.splice(index, 1)
    return true
  }

  /** The node at a path. A file of a server is fetched and kept in the directory it is mounted on. */
  async find(path: string): Promise<FileNode | undefined> {
    const mount = this.#mounts.find(
      ({ path: root, fetch }) => fetch !== undefined && path.startsWith(`${root}/`),
    )
    if (mount?.fetch !== undefined) {
      const bytes = await mount.fetch(path.slice(mount.path.length + 1))
      return bytes === undefined ? undefined : file(fromBytes(bytes))
    }
    return this.tree.find(path)
  }

  /** @throws FileTreeError */
  async read(path: string): Promise<string> {
    const node = await this.find(path)
    if (node === undefined) throw new FileTreeError('No such file or directory')
    if (node.type === 'directory') throw new FileTreeError('Is a directory')
    return node.type === 'file' ? node.content() : ''
  }
}

/** The start of an arm64 Image that is also an EFI program, and the release where a kernel has it. */
function stockImage(release: string): string {
  const header = Buffer.alloc(64)
  header.write('MZ', 0, 'latin1')
  header.write('ARM\x64', 56, 'latin1')
  return `${header.toString('latin1')}Linux version ${release} (\0`
}
