import { randomBytes } from 'node:crypto'

const noBytes = new Uint8Array()

/** Has a command say its process id in front of all else on stderr, and takes that out again. */
export class PidLine {
  readonly #mark = `hil-${randomBytes(4).toString('hex')}=`
  #held: Buffer | undefined = Buffer.alloc(0)
  #value: number | undefined

  /** To stand on the line before the command. */
  get command(): string {
    return `echo ${this.#mark}$$ >&2`
  }

  /** Undefined until it was told, or where the shell does not know what `$$` is. */
  get value(): number | undefined {
    return this.#value
  }

  /** @returns what is the command's own */
  take(bytes: Uint8Array): Uint8Array {
    if (this.#held === undefined) return bytes
    this.#held = Buffer.concat([this.#held, bytes])
    const text = this.#held.toString('latin1')
    const end = text.indexOf('\n')
    const isOurs = text.slice(0, this.#mark.length) === this.#mark.slice(0, text.length)
    if (isOurs && end === -1) return noBytes
    const rest = isOurs ? this.#held.subarray(end + 1) : this.#held
    if (isOurs) this.#value = Number(text.slice(this.#mark.length, end)) || undefined
    this.#held = undefined
    return rest
  }
}
