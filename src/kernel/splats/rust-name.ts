/** A name that is made of more is told as the kernel printed it. */
const maximumDepth = 32
const maximumParts = 200
const maximumLength = 300

/**
 * The name of a Rust function as people write it, `<pump::Pump as kernel::miscdevice::MiscDevice>::open`, from the
 * symbol that the compiler made of it (mangling scheme v0, Rust RFC 2603). Generic arguments and what the kernel's
 * own code has no use for are not decoded: such a name, and any other, is given back as it is.
 */
export function readableName(symbol: string): string {
  if (!symbol.startsWith('_R')) return symbol
  try {
    return new Reader(symbol.slice(2)).path()
  } catch (error) {
    if (error instanceof Unreadable) return symbol
    throw error
  }
}

class Unreadable extends Error {}

class Reader {
  readonly #text: string
  #at = 0
  #depth = 0
  #parts = 0

  constructor(text: string) {
    this.#text = text
  }

  path(): string {
    switch (this.#take()) {
      case 'C':
        return this.#identifier()
      case 'N':
        return this.#nested()
      case 'M':
        this.#implementation()
        return `<${this.#type()}>`
      case 'X':
        this.#implementation()
        return this.#ofTrait()
      case 'Y':
        return this.#ofTrait()
      case 'B':
        return this.#earlier(() => this.path())
      default:
        throw new Unreadable()
    }
  }

  #ofTrait(): string {
    const type = this.#type()
    return `<${type} as ${this.#inner(() => this.path())}>`
  }

  /** A closure has a number and no name. */
  #nested(): string {
    const space = this.#take()
    const outer = this.#inner(() => this.path())
    const name = this.#identifier()
    if (/[a-z]/.test(space)) return name === '' ? outer : `${outer}::${name}`
    return space === 'C' ? `${outer}::{closure}` : `${outer}::{${name}}`
  }

  /** Where an implementation stands says nothing that its type does not. */
  #implementation(): void {
    this.#disambiguator()
    this.#inner(() => this.path())
  }

  #type(): string {
    const letter = this.#text[this.#at] ?? ''
    const basic = basicTypes.get(letter)
    if (basic !== undefined) {
      this.#at++
      return basic
    }
    if (letter !== 'B') return this.#inner(() => this.path())
    this.#at++
    return this.#earlier(() => this.#type())
  }

  #identifier(): string {
    this.#disambiguator()
    const length = Number(/^\d{1,4}/.exec(this.#text.slice(this.#at))?.[0] ?? Number.NaN)
    if (Number.isNaN(length)) throw new Unreadable()
    this.#at += String(length).length
    if (length > 0 && this.#text[this.#at] === '_') this.#at++
    const name = this.#text.slice(this.#at, this.#at + length)
    this.#at += length
    if (name.length < length || this.#at > maximumLength) throw new Unreadable()
    return name
  }

  #disambiguator(): void {
    if (this.#text[this.#at] !== 's') return
    this.#at++
    this.#number()
  }

  /** What stands earlier in the symbol. */
  #earlier(read: () => string): string {
    const target = this.#number()
    const back = this.#at
    if (target >= back) throw new Unreadable()
    this.#at = target
    const found = this.#inner(read)
    this.#at = back
    return found
  }

  /** Base 62, ended by `_`; that alone is 0, and `0_` is 1. */
  #number(): number {
    let value = 0
    for (let digits = 0; ; digits++) {
      const letter = this.#take()
      if (letter === '_') return digits === 0 ? 0 : value + 1
      const digit = base62.indexOf(letter)
      if (digit === -1 || digits > 12) throw new Unreadable()
      value = value * 62 + digit
    }
  }

  #inner(read: () => string): string {
    if (++this.#depth > maximumDepth || ++this.#parts > maximumParts) throw new Unreadable()
    const found = read()
    this.#depth--
    return found
  }

  #take(): string {
    const letter = this.#text[this.#at++]
    if (letter === undefined) throw new Unreadable()
    return letter
  }
}

const base62 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const basicTypes: ReadonlyMap<string, string> = new Map([
  ...Object.entries({ a: 'i8', b: 'bool', c: 'char', d: 'f64', e: 'str', f: 'f32', h: 'u8', i: 'isize' }),
  ...Object.entries({ j: 'usize', l: 'i32', m: 'u32', n: 'i128', o: 'u128', s: 'i16', t: 'u16', u: '()' }),
  ...Object.entries({ x: 'i64', y: 'u64', z: '!' }),
])
