import type { CpioEntry, DeviceNumber } from '../entry.ts'

/** A file of the unpacked tree. Names that are hard links share one node. */
export type TreeNode = DirectoryNode | LeafNode

export interface DirectoryNode {
  readonly type: 'directory'
  /** The entry that its owner, mode and time come from; none for what the kernel brings itself. */
  entry: CpioEntry | undefined
  /** Without an entry. */
  readonly permissions: number
  readonly children: Map<string, TreeNode>
}

export interface LeafNode {
  readonly type: Exclude<CpioEntry['type'], 'directory' | 'unknown'>
  entry: CpioEntry | undefined
  /** Without an entry. */
  readonly permissions: number
  data: Uint8Array
  readonly linkTarget?: string
  /** Of the entry that made the node; later ones can't change it. */
  readonly deviceNode: DeviceNumber
}

/** @param permissions of what the kernel brings itself */
export function directoryNode(permissions = 0o755): DirectoryNode {
  return { type: 'directory', entry: undefined, permissions, children: new Map() }
}

/** Where a path leads: into which directory, and to what name there. The name of the root is ''. */
export interface Place {
  /** From the root down to the directory. */
  readonly trail: readonly DirectoryNode[]
  readonly name: string
}

/** Linux gives up after so many links in one path. */
const maximumLinks = 40

/**
 * Finds the directory that a path's last part is in; links on the way are followed, the last part is
 * not. Undefined when a directory is missing or something else is in its place.
 *
 * @param from the root, or the root and the directories down to where a relative path begins
 */
export function locate(from: readonly DirectoryNode[], path: string): Place | undefined {
  const walk: Walk = { trail: path.startsWith('/') ? from.slice(0, 1) : [...from], links: 0 }
  const parts = partsOf(path)
  const last = parts.at(-1) === '..' ? undefined : parts.pop()
  if (!parts.every((part) => enter(walk, part))) return undefined
  return { trail: walk.trail, name: last ?? '' }
}

export function nodeAt({ trail, name }: Place): TreeNode | undefined {
  return name === '' ? trail.at(-1) : trail.at(-1)?.children.get(name)
}

/** What is at a path when all links are followed, the last one included. */
export function follow(from: readonly DirectoryNode[], path: string, links = 0): TreeNode | undefined {
  const place = locate(from, path)
  const node = place === undefined ? undefined : nodeAt(place)
  if (place === undefined || node?.type !== 'symlink') return node
  return links < maximumLinks ? follow(place.trail, node.linkTarget ?? '', links + 1) : undefined
}

interface Walk {
  trail: DirectoryNode[]
  links: number
}

/** Steps into one directory. The links of a path are counted, so a circle of them ends. */
function enter(walk: Walk, part: string): boolean {
  if (part === '..') {
    if (walk.trail.length > 1) walk.trail.pop()
    return true
  }
  const node = walk.trail.at(-1)?.children.get(part)
  if (node?.type === 'directory') {
    walk.trail.push(node)
    return true
  }
  if (node?.type !== 'symlink' || ++walk.links > maximumLinks) return false
  const target = node.linkTarget ?? ''
  if (target.startsWith('/')) walk.trail = walk.trail.slice(0, 1)
  return partsOf(target).every((step) => enter(walk, step))
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}

/** All nodes below a directory by their path, in the order of their names. */
export function* listTree(directory: DirectoryNode, prefix = ''): Generator<[path: string, node: TreeNode]> {
  for (const [name, node] of [...directory.children].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const path = prefix + name
    yield [path, node]
    if (node.type === 'directory') yield* listTree(node, `${path}/`)
  }
}
