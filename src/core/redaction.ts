/** What stands in place of a secret; its length says nothing about the secret's. */
export const redacted = '•••'

/** Fields of events that hold one of a few words of hil's, or the name of a board or a state. */
const ownWords: ReadonlySet<string> = new Set([
  ...[
    'type',
    'verdict',
    'outcome',
    'blame',
    'code',
    'kind',
    'level',
    'action',
    'power',
    'by',
    'end',
    'where',
  ],
  ...['stream', 'direction', 'result', 'stage', 'status', 'link', 'interruptedBy', 'board', 'from', 'to'],
])
const ownWord = /^[A-Za-z][\w.-]{0,60}$/
/** Fields that hold what a driver, a spec or the environment puts there. */
const foreign: ReadonlySet<string> = new Set(['details', 'versions'])

/** A secret of fewer characters is replaced only where it stands alone: else it would tear words apart. */
const shortestAnywhere = 4

/**
 * Knows the secrets of a run and takes them out of everything written: plain, as JSON escapes
 * them, in URLs and in base64.
 */
export class Redactor {
  readonly #secrets = new Set<string>()
  #inText: RegExp | undefined
  #inBytes: RegExp | undefined

  /** From now on `secret` is redacted. An empty one is ignored. */
  add(secret: string): void {
    if (secret === '' || this.#secrets.has(secret)) return
    this.#secrets.add(secret)
    this.#inText = compile([...this.#secrets].flatMap(formsOf))
    this.#inBytes = compile([...this.#secrets].map(toLatin1))
  }

  text(text: string): string {
    return this.#inText === undefined ? text : text.replace(this.#inText, redacted)
  }

  /**
   * A copy of plain data with every string in it redacted; the same object where no secret is known. Words that hil itself
   * chooses stay: a password such as "wrong" must not make another verdict of `environment-wrong`.
   */
  redact<T>(value: T): T {
    return this.#inText === undefined ? value : (this.#copy(value, false) as T)
  }

  /** Whether the end of `bytes` may be the beginning of a secret; -> how many bytes of it. */
  unfinished(bytes: Uint8Array): number {
    const text = latin1(bytes)
    return Math.max(0, ...[...this.#secrets].map((secret) => overlap(text, toLatin1(secret))))
  }

  bytes(bytes: Uint8Array): Uint8Array {
    if (this.#inBytes === undefined) return bytes
    return Buffer.from(latin1(bytes).replace(this.#inBytes, toLatin1(redacted)), 'latin1')
  }

  /** @param isForeign what it holds, and how it is called, comes from anywhere */
  #copy(value: unknown, isForeign: boolean): unknown {
    if (typeof value === 'string') return this.text(value)
    if (Array.isArray(value)) return value.map((item) => this.#copy(item, isForeign))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        if (isForeign) return [this.text(key), this.#copy(item, true)]
        const isOwn = ownWords.has(key) && typeof item === 'string' && ownWord.test(item)
        return [key, isOwn ? item : this.#copy(item, foreign.has(key))]
      }),
    )
  }
}

/** Redacts a stream of bytes that may be cut anywhere: what could be half a secret waits for the rest. */
export class RedactedStream {
  readonly #redactor: Redactor
  #held: Uint8Array = new Uint8Array()

  constructor(redactor: Redactor) {
    this.#redactor = redactor
  }

  push(bytes: Uint8Array): Uint8Array {
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    const complete = all.length - this.#redactor.unfinished(all)
    this.#held = all.subarray(complete)
    return this.#redactor.bytes(all.subarray(0, complete))
  }

  /** What was held back, when no more will come. */
  end(): Uint8Array {
    const rest = this.#redactor.bytes(this.#held)
    this.#held = new Uint8Array()
    return rest
  }
}

function compile(forms: readonly string[]): RegExp {
  // The longest first: of two secrets that begin alike the longer one must win.
  const sources = [...new Set(forms)].sort((a, b) => b.length - a.length).map(toSource)
  return new RegExp(sources.join('|'), 'gu')
}

function toSource(form: string): string {
  const source = form.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  return form.length < shortestAnywhere ? `(?<![\\p{L}\\p{N}])${source}(?![\\p{L}\\p{N}])` : source
}

/** The ways a secret can stand in something written. */
function formsOf(secret: string): readonly string[] {
  if (secret.length < shortestAnywhere) return [secret]
  const wellFormed = Buffer.from(secret).toString()
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(wellFormed), ...base64Forms(secret)]
}

/** One form for each of the three ways the bytes of a secret can fall on the groups of three of base64. */
function base64Forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  return [0, 1, 2]
    .map((shift) => {
      const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .replace(/=+$/, '')
      // The characters at either end also hold bits of what stands before and after.
      const end = (shift + bytes.length) % 3 === 0 ? encoded.length : encoded.length - 1
      return encoded.slice(shift === 0 ? 0 : shift + 1, end)
    })
    .filter((form) => form.length >= shortestAnywhere)
}

/** One character for each byte, so that a secret is found in bytes that are no text. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

function toLatin1(text: string): string {
  return Buffer.from(text).toString('latin1')
}

/** The length of the longest end of `text` that is a beginning of `secret`, but not all of it. */
function overlap(text: string, secret: string): number {
  for (let length = Math.min(text.length, secret.length - 1); length > 0; length--) {
    if (secret.startsWith(text.slice(-length))) return length
  }
  return 0
}
