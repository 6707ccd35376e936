import type { CpioEntry } from '../entry.ts'
import { inodeKey } from '../repack.ts'
import type { Initramfs, InitramfsMember } from './read.ts'
import { directoryNode, follow, listTree, locate, nodeAt } from './tree.ts'
import type { DirectoryNode, LeafNode, Place, TreeNode } from './tree.ts'

export type SkipReason =
  /** The kernel creates no directories on its own. */
  | 'parent-missing'
  /** A directory that is not empty stays, whatever comes in its place. */
  | 'directory-not-empty'
  /** Only files and symbolic links may carry data. */
  | 'unexpected-data'
  | 'unknown-type'
  | 'no-name'

/** An entry the kernel passes over without a word. */
export interface SkippedEntry {
  readonly member: InitramfsMember
  readonly entry: CpioEntry
  readonly reason: SkipReason
}

/** Something that an entry put another thing in place of. */
export interface ReplacedEntry {
  readonly member: InitramfsMember
  readonly entry: CpioEntry
  readonly before: TreeNode
}

/** The root file system as `/init` will find it. */
export interface UnpackedTree {
  readonly root: DirectoryNode
  readonly skipped: readonly SkippedEntry[]
  readonly replaced: readonly ReplacedEntry[]
  /** What ends at a path, all links followed. */
  lookup(path: string): TreeNode | undefined
  /** Every path with what is there, sorted; links are not followed. */
  list(): Iterable<[path: string, node: TreeNode]>
}

/**
 * Says what the kernel makes of an initramfs: later entries win, files whose directory is missing
 * are skipped, a change of type removes what was there unless it is a directory with content
 * (init/initramfs.c). The tree begins with what every kernel brings: `/dev`, `/dev/console`, `/root`.
 */
export function unpackInitramfs({ members }: Pick<Initramfs, 'members'>): UnpackedTree {
  const unpacking: Unpacking = { root: builtinRoot(), skipped: [], replaced: [] }
  for (const member of members) {
    for (const archive of member.archives) {
      const linkTable = new Map<string, LeafNode>()
      for (const entry of archive) unpackEntry({ ...unpacking, member, linkTable }, entry)
    }
  }
  const { root, skipped, replaced } = unpacking
  return { root, skipped, replaced, lookup: (path) => follow([root], path), list: () => listTree(root) }
}

interface Unpacking {
  readonly root: DirectoryNode
  readonly skipped: SkippedEntry[]
  readonly replaced: ReplacedEntry[]
}

interface UnpackingArchive extends Unpacking {
  readonly member: InitramfsMember
  readonly linkTable: Map<string, LeafNode>
}

function builtinRoot(): DirectoryNode {
  const root = directoryNode()
  const dev = directoryNode()
  dev.children.set('console', {
    type: 'character-device',
    entry: undefined,
    permissions: 0o600,
    data: new Uint8Array(0),
    deviceNode: { major: 5, minor: 1 },
  })
  root.children.set('dev', dev)
  root.children.set('root', directoryNode(0o700))
  return root
}

function unpackEntry(unpacking: UnpackingArchive, entry: CpioEntry): void {
  const { root, skipped, member } = unpacking
  const place = locate([root], entry.path)
  const reason = skipReason(entry, place) ?? put(unpacking, entry, place as Place)
  if (reason !== undefined) skipped.push({ member, entry, reason })
}

function skipReason({ type, size, path }: CpioEntry, place: Place | undefined): SkipReason | undefined {
  if (type === 'unknown') return 'unknown-type'
  if (type !== 'file' && type !== 'symlink' && size > 0) return 'unexpected-data'
  if (path === '') return 'no-name'
  return place === undefined ? 'parent-missing' : undefined
}

function put(unpacking: UnpackingArchive, entry: CpioEntry, place: Place): SkipReason | undefined {
  const before = nodeAt(place)
  // A symbolic link replaces even a symbolic link; all else is kept when its type stays.
  const kept = before !== undefined && before.type === entry.type && entry.type !== 'symlink'
  if (before?.type === 'directory' && !kept && (place.name === '' || before.children.size > 0))
    return 'directory-not-empty'
  if (before !== undefined && before.type !== entry.type) {
    unpacking.replaced.push({ member: unpacking.member, entry, before })
  }
  const node = nodeFor(unpacking, entry, kept ? before : undefined)
  if (place.name !== '') place.trail.at(-1)?.children.set(place.name, node)
  return undefined
}

function nodeFor({ linkTable }: UnpackingArchive, entry: CpioEntry, before: TreeNode | undefined): TreeNode {
  if (entry.type === 'directory') {
    const directory = before?.type === 'directory' ? before : directoryNode()
    directory.entry = entry
    return directory
  }
  const key = `${inodeKey(entry)} ${entry.type}`
  const linkable = entry.nlink >= 2 && entry.type !== 'symlink'
  const linked = linkable ? linkTable.get(key) : undefined
  // A file that is there is written into, not replaced: its other names change with it.
  const node = linked ?? (before?.type === 'directory' || before === undefined ? newLeaf(entry) : before)
  if (linked === undefined || entry.data.length > 0) node.data = entry.data
  node.entry = entry
  if (linkable && linked === undefined) linkTable.set(key, node)
  return node
}

function newLeaf(entry: CpioEntry): LeafNode {
  const { linkTarget, data, deviceNode, permissions } = entry
  const type = entry.type as LeafNode['type']
  return { type, entry, permissions, data, deviceNode, ...(linkTarget === undefined ? {} : { linkTarget }) }
}
