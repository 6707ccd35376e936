/** What was loaded into the board's RAM, as far as somebody may want to see it again. */
export class Memory {
  readonly #loaded: { readonly address: number; readonly bytes: Uint8Array }[] = []

  load(address: number, bytes: Uint8Array): void {
    this.#loaded.unshift({ address, bytes })
    this.#loaded.length = Math.min(this.#loaded.length, remembered)
  }

  /** @returns `undefined` unless something was loaded to all of that area, and is still known */
  read(address: number, length: number): Uint8Array | undefined {
    const found = this.#loaded.find(({ address: start, bytes }) => overlaps(start, bytes, address, length))
    if (found === undefined) return undefined
    const from = address - found.address
    if (from < 0 || from + length > found.bytes.length) return undefined
    return found.bytes.subarray(from, from + length)
  }
}

/** Kernel, initrd and device tree of the last attempt, and of the one before. */
const remembered = 6

function overlaps(start: number, { length: size }: Uint8Array, address: number, length: number): boolean {
  return start < address + length && address < start + size
}
