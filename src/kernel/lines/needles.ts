/**
 * Finds many words in a stream of bytes in one pass (Aho and Corasick, "Efficient string matching",
 * 1975): one table look-up per byte, whatever the number of words and whatever the bytes are. The state
 * is one number, so a word that is split between two chunks is found as well.
 */
export class Needles {
  readonly words: readonly string[]
  /** The next state, at `state << 8 | byte`. The first state is 0. */
  readonly next: Uint16Array
  /** States from this one on have an output: the end of a line, or of a word. */
  readonly firstOutput: number
  /** The state after LF. */
  readonly lineEnd: number
  /** By state: which words end here. */
  readonly #found: readonly (readonly number[])[]

  /** @param words ASCII, without LF */
  constructor(words: readonly string[]) {
    this.words = words
    const nodes = buildGraph(words)
    const order = [...nodes.keys()].sort((a, b) => Number(hasOutput(nodes, a)) - Number(hasOutput(nodes, b)))
    const renamed = new Uint16Array(nodes.length)
    for (const [state, node] of order.entries()) renamed[node] = state
    this.next = new Uint16Array(nodes.length * 256)
    for (const [state, node] of order.entries()) {
      for (let byte = 0; byte < 256; byte++) {
        this.next[state * 256 + byte] = renamed[nodes[node]?.next[byte] ?? root] ?? root
      }
    }
    this.#found = order.map((node) => nodes[node]?.found ?? [])
    this.firstOutput = order.findIndex((node) => hasOutput(nodes, node))
    this.lineEnd = this.next[lineFeed] ?? root
  }

  /** The words, by their place in `words`, of which the last byte has led to this state. */
  foundIn(state: number): readonly number[] {
    return this.#found[state] ?? []
  }
}

const lineFeed = 10
const root = 0

interface Node {
  /** By byte; empty places lead to the root. */
  readonly next: number[]
  found: number[]
}

/** The words as a tree, then every missing branch led to where the longest other beginning goes on. */
function buildGraph(words: readonly string[]): readonly Node[] {
  const nodes = buildTree(['\n', ...words])
  const queue: { at: number; fallback: number }[] = [{ at: root, fallback: root }]
  for (const { at, fallback } of queue) {
    const [node, other] = [nodes[at], nodes[fallback]]
    if (node === undefined || other === undefined) continue
    if (at !== fallback) node.found = [...node.found, ...other.found]
    for (let byte = 0; byte < 256; byte++) {
      const child = node.next[byte]
      const otherwise = at === root ? root : (other.next[byte] ?? root)
      if (child === undefined) node.next[byte] = otherwise
      else queue.push({ at: child, fallback: otherwise })
    }
  }
  return nodes
}

function buildTree(words: readonly string[]): Node[] {
  const nodes: Node[] = [{ next: [], found: [] }]
  for (const [index, word] of words.entries()) {
    let at = root
    for (const byte of Buffer.from(word, 'latin1')) {
      const node = nodes[at]
      if (node !== undefined) at = node.next[byte] ??= nodes.push({ next: [], found: [] }) - 1
    }
    // LF comes first and is none of the words.
    nodes[at]?.found.push(index - 1)
  }
  return nodes
}

function hasOutput(nodes: readonly Node[], at: number): boolean {
  return (nodes[at]?.found.length ?? 0) > 0
}
