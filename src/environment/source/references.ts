/** A piece of a text with `${...}` in it. */
export type Segment = string | Reference

/** `${NAME}` or `${NAME:-fallback}`; a fallback may hold references again. */
export interface Reference {
  readonly name: string
  readonly fallback: readonly Segment[] | undefined
  /** Index of the `$` in the text. */
  readonly at: number
}

export class BadReference extends Error {
  override readonly name = 'BadReference'
  /** Index of the `$` in the text. */
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

/**
 * Cuts a text into what stands for itself and what refers to a variable. `$$` is a dollar, and so is
 * a `$` before anything but `{`.
 * @throws BadReference
 */
export function parseReferences(text: string): readonly Segment[] {
  return new ReferenceParser(text).parse()
}

/** A text in which nothing refers to a variable any more, though it looks like it. */
export function escapeReferences(text: string): string {
  return text.replaceAll(/\$(?=[{$])/g, '$$$$')
}

const variableName = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_-]+)?/y

class ReferenceParser {
  readonly #text: string
  #position = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): readonly Segment[] {
    return this.#segments(() => this.#position >= this.#text.length)
  }

  #segments(isEnd: () => boolean): readonly Segment[] {
    const segments: Segment[] = []
    let literal = ''
    while (!isEnd()) {
      if (this.#skip('$$')) literal += '$'
      else if (this.#text.startsWith('${', this.#position)) {
        if (literal !== '') segments.push(literal)
        literal = ''
        segments.push(this.#reference())
      } else literal += this.#text.charAt(this.#position++)
    }
    return literal === '' ? segments : [...segments, literal]
  }

  #reference(): Reference {
    const at = this.#position
    this.#position += 2
    variableName.lastIndex = at + 2
    const name = variableName.exec(this.#text)?.[0]
    if (name === undefined) throw new BadReference(`"\${" must be followed by the name of a variable`, at)
    this.#position += name.length
    const fallback = this.#skip(':-') ? this.#fallback(name, at) : undefined
    if (!this.#skip('}')) {
      throw new BadReference(`"\${${name}" is not closed; write \${${name}} or \${${name}:-default}`, at)
    }
    return { name, fallback, at }
  }

  #fallback(name: string, at: number): readonly Segment[] {
    return this.#segments(() => {
      if (this.#position < this.#text.length) return this.#text[this.#position] === '}'
      throw new BadReference(`"\${${name}:-" is not closed by "}"`, at)
    })
  }

  #skip(token: string): boolean {
    const found = this.#text.startsWith(token, this.#position)
    if (found) this.#position += token.length
    return found
  }
}
