/** One line of an index: a key that is looked up, and what it leads to. */
export interface IndexEntry {
  readonly key: string
  readonly value: string
  /** The lower, the earlier it is tried. */
  readonly priority: number
}

const magic = 0xb007f457
const version = 0x00020001
const flag = { prefix: 0x80000000, values: 0x40000000, children: 0x20000000 }

/**
 * The binary form of an index (`modules.alias.bin`, ...), which is the only one that kmod and udev
 * read: a trie of the keys, children before parents (tools/depmod.c and libkmod-index.c of kmod).
 * Keys that are not ASCII are left out, as depmod does.
 */
export function encodeIndex(entries: Iterable<IndexEntry>): Uint8Array {
  const writer = new TrieWriter()
  const root = writer.write(groupByKey(entries), 0, true)
  return writer.finish(root)
}

interface Key {
  readonly text: string
  readonly values: readonly IndexEntry[]
}

function groupByKey(entries: Iterable<IndexEntry>): Key[] {
  const byKey = new Map<string, IndexEntry[]>()
  for (const entry of entries) {
    if (!/^[\x01-\x7f]*$/.test(entry.key)) continue
    const values = byKey.get(entry.key)
    if (values === undefined) byKey.set(entry.key, [entry])
    else insertByPriority(values, entry)
  }
  return [...byKey].map(([text, values]) => ({ text, values })).sort((a, b) => (a.text < b.text ? -1 : 1))
}

/** Of equal priority the later stands before the earlier. */
function insertByPriority(values: IndexEntry[], entry: IndexEntry): void {
  const at = values.findIndex(({ priority }) => priority >= entry.priority)
  values.splice(at === -1 ? values.length : at, 0, entry)
}

class TrieWriter {
  readonly #chunks: Buffer[] = []
  #size = 12

  /** @param keys sorted, all the same up to `depth` @returns the node's offset, with flags in its high bits */
  write(keys: readonly Key[], depth: number, isRoot = false): number {
    const prefix = isRoot ? '' : commonPrefix(keys, depth)
    const end = depth + prefix.length
    const [own, longer] =
      keys[0]?.text.length === end ? [keys[0].values, keys.slice(1)] : [undefined, [...keys]]
    const children = this.#writeChildren(longer, end)
    const offset = this.#size
    if (prefix !== '') this.#add(Buffer.from(`${prefix}\0`, 'latin1'))
    if (children !== undefined) this.#add(children)
    if (own !== undefined) this.#add(encodeValues(own))
    const flags =
      (prefix === '' ? 0 : flag.prefix) +
      (children === undefined ? 0 : flag.children) +
      (own === undefined ? 0 : flag.values)
    return offset + flags
  }

  finish(root: number): Uint8Array {
    const head = Buffer.alloc(12)
    head.writeUInt32BE(magic, 0)
    head.writeUInt32BE(version, 4)
    head.writeUInt32BE(root, 8)
    return Buffer.concat([head, ...this.#chunks])
  }

  #writeChildren(keys: readonly Key[], depth: number): Buffer | undefined {
    const groups = new Map<number, Key[]>()
    for (const key of keys) {
      const code = key.text.charCodeAt(depth)
      const group = groups.get(code)
      if (group === undefined) groups.set(code, [key])
      else group.push(key)
    }
    if (groups.size === 0) return undefined
    const codes = [...groups.keys()]
    const [first, last] = [Math.min(...codes), Math.max(...codes)]
    const table = Buffer.alloc(2 + 4 * (last - first + 1))
    table.writeUInt8(first, 0)
    table.writeUInt8(last, 1)
    for (const [code, group] of groups) {
      table.writeUInt32BE(this.write(group, depth + 1), 2 + 4 * (code - first))
    }
    return table
  }

  #add(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
  }
}

/** Keys are sorted: what the first and the last have in common, all have. */
function commonPrefix(keys: readonly Key[], depth: number): string {
  const [first, last] = [keys[0]?.text ?? '', keys.at(-1)?.text ?? '']
  let end = depth
  while (end < first.length && first[end] === last[end]) end++
  return first.slice(depth, end)
}

function encodeValues(values: readonly IndexEntry[]): Buffer {
  const count = Buffer.alloc(4)
  count.writeUInt32BE(values.length)
  const parts = values.map(({ priority, value }) => {
    const head = Buffer.alloc(4)
    head.writeUInt32BE(priority)
    return Buffer.concat([head, Buffer.from(`${value}\0`)])
  })
  return Buffer.concat([count, ...parts])
}
