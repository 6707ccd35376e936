import { fromBytes } from '../../binary.ts'
import { FileTreeError, resolvePath, type FileNode, type FileTree } from '../../files/file-tree.ts'
import { createInitialTree } from './initial-tree.ts'
import { bytesOf, type Mount, type MountContent } from './mount.ts'

/** Mounts something when a path below its mount point is used for the first time. */
export type Automount = () => Promise<void>

/** barebox's one tree of files: RAM, and what is mounted into it. */
export class BareboxFiles {
  readonly tree: FileTree
  readonly #mounts: Mount[] = [
    { source: 'none', path: '/', type: 'ramfs', content: undefined },
    { source: 'none', path: '/pstore', type: 'pstore', content: undefined },
    { source: '/dev/fw_cfg', path: '/mnt/fw_cfg', type: 'qemu_fw_cfg-fs', content: undefined },
  ]
  readonly #automounts = new Map<string, Automount>()

  constructor(options: { readonly disk: boolean }) {
    this.tree = createInitialTree(options)
  }

  get mounts(): readonly Mount[] {
    return this.#mounts
  }

  mount(mount: Mount): void {
    this.#automounts.delete(mount.path)
    this.#mounts.push(mount)
  }

  /** @param target where it is mounted, or what */
  unmount(target: string): Mount | undefined {
    const index = this.#mounts.findLastIndex(({ path, source }) => path === target || source === target)
    return index === -1 ? undefined : this.#mounts.splice(index, 1)[0]
  }

  automount(path: string, automount: Automount): void {
    this.#automounts.set(path, automount)
  }

  /** @param path absolute */
  async find(path: string): Promise<FileNode | undefined> {
    const inside = await this.#mountOf(path)
    return inside === undefined ? this.tree.find(path) : inside.content.find(inside.path)
  }

  /** One character a byte. @throws FileTreeError */
  async read(path: string): Promise<string> {
    return fromBytes(await this.readBytes(path))
  }

  /** @param limit of bytes, where only the beginning is wanted. @throws FileTreeError */
  async readBytes(path: string, limit?: number): Promise<Uint8Array> {
    const inside = await this.#mountOf(path)
    if (inside === undefined) return bytesOf(this.tree.find(path), limit)
    if ((await inside.content.find(inside.path)) === undefined) {
      throw new FileTreeError('No such file or directory')
    }
    return inside.content.read(inside.path, limit)
  }

  /** The names in a directory, sorted. @throws FileTreeError */
  async list(path: string): Promise<readonly string[]> {
    const inside = await this.#mountOf(path)
    return inside === undefined ? this.tree.list(path) : inside.content.list(inside.path)
  }

  /** @throws FileTreeError */
  write(path: string, text: string, append = false): void {
    const mount = this.#findMount(path)
    if (mount?.content !== undefined) throw new FileTreeError('Read-only file system')
    this.tree.write(path, text, { append, mode: 0o777 })
  }

  async #mountOf(path: string): Promise<{ content: MountContent; path: string } | undefined> {
    for (const [point, automount] of this.#automounts) {
      if (path !== point && !path.startsWith(`${point}/`)) continue
      this.#automounts.delete(point)
      await automount()
    }
    const mount = this.#findMount(path)
    if (mount?.content === undefined) return undefined
    return { content: mount.content, path: resolvePath('/', path.slice(mount.path.length)) }
  }

  #findMount(path: string): Mount | undefined {
    return this.#mounts.findLast(
      (mount) => mount.content !== undefined && (path === mount.path || path.startsWith(`${mount.path}/`)),
    )
  }
}
