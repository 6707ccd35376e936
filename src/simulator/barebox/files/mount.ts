import { fromBytes } from '../../binary.ts'
import { file, type FileNode, type FileTree } from '../../files/file-tree.ts'

/** A file system that is mounted somewhere. */
export interface Mount {
  readonly source: string
  readonly path: string
  readonly type: string
  /** `undefined` where it is part of the tree in RAM. */
  readonly content: MountContent | undefined
}

export interface MountContent {
  /** @param path absolute, within the mount */
  find(path: string): Promise<FileNode | undefined>
  list(path: string): readonly string[]
}

export function treeContent(tree: FileTree): MountContent {
  return {
    find: (path) => Promise.resolve(tree.find(path)),
    list: (path) => tree.list(path),
  }
}

/** A directory of a TFTP server: it can't be listed, so it shows only what was looked at. */
export function serverContent(fetch: (name: string) => Promise<Uint8Array | undefined>): MountContent {
  const seen = new Map<string, FileNode>()
  const root: FileNode = { type: 'directory', entries: seen, mode: 0o777 }
  return {
    find: async (path) => {
      const name = path.slice(1)
      if (name === '') return root
      const bytes = await fetch(name)
      if (bytes === undefined) return undefined
      const found = file(fromBytes(bytes), 0o777)
      seen.set(name, found)
      return found
    },
    list: () => [...seen.keys()].sort(),
  }
}
