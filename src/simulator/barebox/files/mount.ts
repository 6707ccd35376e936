import { toBytes } from '../../binary.ts'
import { FileTreeError, type FileNode, type FileTree } from '../../files/file-tree.ts'

/** A file system that is mounted somewhere. */
export interface Mount {
  readonly source: string
  readonly path: string
  readonly type: string
  /** `undefined` where it is part of the tree in RAM. */
  readonly content: MountContent | undefined
}

/** Paths are absolute, within the mount. */
export interface MountContent {
  find(path: string): Promise<FileNode | undefined>
  list(path: string): readonly string[]
  /** @param limit of bytes, where only the beginning is wanted. @throws FileTreeError */
  read(path: string, limit?: number): Promise<Uint8Array>
}

export function treeContent(tree: FileTree): MountContent {
  return {
    find: (path) => Promise.resolve(tree.find(path)),
    list: (path) => tree.list(path),
    read: (path, limit) => Promise.resolve(bytesOf(tree.find(path), limit)),
  }
}

/** @throws FileTreeError */
export function bytesOf(node: FileNode | undefined, limit?: number): Uint8Array {
  if (node === undefined) throw new FileTreeError('No such file or directory')
  if (node.type === 'directory') throw new FileTreeError('Is a directory')
  return node.type === 'file' ? toBytes(node.content().slice(0, limit)) : new Uint8Array(0)
}
