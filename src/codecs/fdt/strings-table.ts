/** The strings block of a tree that is written. A name that ends another one shares its bytes, as dtc does it. */
export class StringsTable {
  readonly #offsets = new Map<string, number>()
  readonly #names: string[] = []
  size = 0

  /** The offset of a name, which is added when it is new. */
  add(name: string): number {
    const known = this.#offsets.get(name)
    if (known !== undefined) return known
    const offset = this.size
    for (let skip = 0; skip < name.length; skip++) {
      const suffix = name.slice(skip)
      if (!this.#offsets.has(suffix)) this.#offsets.set(suffix, offset + skip)
    }
    this.#names.push(name)
    this.size += name.length + 1
    return offset
  }

  toBytes(): Buffer {
    return Buffer.from(this.#names.map((name) => `${name}\0`).join(''), 'latin1')
  }
}
