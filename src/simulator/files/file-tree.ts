/** What a name in a simulated file system can be. Content is made when it is read, so that /proc is live. */
export type FileNode =
  | { readonly type: 'directory'; readonly entries: Map<string, FileNode>; mode: number }
  | {
      readonly type: 'file'
      content: () => string
      /** In bytes, where the content is not here but with a server. */
      readonly size?: number
      write: ((text: string) => void) | undefined
      mode: number
    }
  | { readonly type: 'link'; readonly target: string }
  | {
      readonly type: 'device'
      readonly size: number | undefined
      readonly read: () => string
      readonly block: boolean
    }

export type FileError =
  | 'No such file or directory'
  | 'Not a directory'
  | 'Is a directory'
  | 'File exists'
  | 'Directory not empty'
  | 'Read-only file system'
  | 'Permission denied'
  | 'Connection timed out'
  | 'Interrupted system call'
  | 'Invalid argument'

/** A path could not be used; the message is the text of the errno. */
export class FileTreeError extends Error {
  readonly reason: FileError

  constructor(reason: FileError) {
    super(reason)
    this.reason = reason
  }
}

const maximumLinks = 8

/** A file system in memory. Content is text with one character a byte. Paths are absolute. */
export class FileTree {
  readonly root: FileNode = directory()

  /** @returns the node, with links followed; `undefined` where there is none */
  find(path: string): FileNode | undefined {
    return this.#walk(path, 0)
  }

  /** @throws FileTreeError when there is no such name */
  get(path: string): FileNode {
    const node = this.find(path)
    if (node === undefined) throw new FileTreeError('No such file or directory')
    return node
  }

  isLink(path: string): boolean {
    const names = namesOf(path)
    const parent = this.find(`/${names.slice(0, -1).join('/')}`)
    return parent?.type === 'directory' && parent.entries.get(names.at(-1) ?? '')?.type === 'link'
  }

  read(path: string): string {
    const node = this.get(path)
    if (node.type === 'directory') throw new FileTreeError('Is a directory')
    if (node.type === 'device') return node.read()
    return node.type === 'file' ? node.content() : ''
  }

  /** Sorted by byte value. */
  list(path: string): readonly string[] {
    const node = this.get(path)
    if (node.type !== 'directory') throw new FileTreeError('Not a directory')
    return [...node.entries.keys()].sort()
  }

  write(path: string, text: string, { append = false, mode = 0o644 } = {}): void {
    const existing = this.find(path)
    if (existing === undefined) {
      this.put(path, file(text, mode))
      return
    }
    if (existing.type === 'directory') throw new FileTreeError('Is a directory')
    if (existing.type !== 'file') return
    if (existing.write === undefined) throw new FileTreeError('Permission denied')
    existing.write(append ? existing.content() + text : text)
  }

  makeDirectory(path: string): void {
    if (this.find(path) !== undefined) throw new FileTreeError('File exists')
    this.put(path, directory())
  }

  /** Like `mkdir -p`. */
  makeDirectories(path: string): void {
    let made = ''
    for (const name of namesOf(path)) {
      made += `/${name}`
      const node = this.find(made)
      if (node === undefined) this.put(made, directory())
      else if (node.type !== 'directory') throw new FileTreeError('Not a directory')
    }
  }

  /** Puts a node at a path whose directory exists. */
  put(path: string, node: FileNode): void {
    const { parent, name } = this.#parentOf(path)
    parent.entries.set(name, node)
  }

  remove(path: string): void {
    const { parent, name } = this.#parentOf(path)
    const node = parent.entries.get(name)
    if (node === undefined) throw new FileTreeError('No such file or directory')
    parent.entries.delete(name)
  }

  #parentOf(path: string): { parent: FileNode & { type: 'directory' }; name: string } {
    const names = namesOf(path)
    const name = names.at(-1)
    const parent = this.get(`/${names.slice(0, -1).join('/')}`)
    if (parent.type !== 'directory') throw new FileTreeError('Not a directory')
    if (name === undefined) throw new FileTreeError('File exists')
    return { parent, name }
  }

  #walk(path: string, links: number): FileNode | undefined {
    let node: FileNode = this.root
    let at = ''
    for (const name of namesOf(path)) {
      if (node.type !== 'directory') return undefined
      const next = node.entries.get(name)
      if (next === undefined) return undefined
      const parent = at
      at += `/${name}`
      if (next.type !== 'link') node = next
      else {
        if (links >= maximumLinks) return undefined
        const target = this.#walk(resolvePath(parent, next.target), links + 1)
        if (target === undefined) return undefined
        node = target
      }
    }
    return node
  }
}

export function directory(
  entries: Readonly<Record<string, FileNode>> = {},
): FileNode & { type: 'directory' } {
  return { type: 'directory', entries: new Map(Object.entries(entries)), mode: 0o755 }
}

export function file(text: string, mode = 0o644): FileNode {
  let content = text
  return {
    type: 'file',
    content: () => content,
    write: (changed) => {
      content = changed
    },
    mode,
  }
}

/** A file whose text is made when it is read, as in /proc. */
export function liveFile(content: () => string, write?: (text: string) => void): FileNode {
  return { type: 'file', content, write, mode: write === undefined ? 0o444 : 0o644 }
}

/** An absolute path without `.`, `..` and doubled slashes. */
export function resolvePath(workingDirectory: string, path: string): string {
  const names: string[] = []
  const all = path.startsWith('/') ? path : `${workingDirectory}/${path}`
  for (const name of all.split('/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return `/${names.join('/')}`
}

function namesOf(path: string): readonly string[] {
  return path.split('/').filter((name) => name !== '')
}
