import type { EditedLine } from './line-editor.ts'

const pasteOn = '\x1b[?2004h'
const pasteOff = '\x1b[?2004l\r'
const eraseRight = '\x1b[K'

/** readline as bash uses it on a vt220, with bracketed paste. Long lines are not wrapped. */
export class BashLine implements EditedLine {
  text = ''
  readonly #write: (text: string) => Promise<void> | undefined
  readonly #prompt: string
  readonly #echo: boolean
  #cursor = 0

  constructor(
    write: (text: string) => Promise<void> | undefined,
    prompt: string,
    { echo }: { readonly echo: boolean },
  ) {
    this.#write = write
    this.#prompt = prompt
    this.#echo = echo
  }

  start(): Promise<void> | undefined {
    return this.#write(`${pasteOn}${this.#prompt}`)
  }

  key(key: string): Promise<void> | undefined {
    switch (key) {
      case 'left':
        return this.#moveTo(Math.max(0, this.#cursor - 1))
      case 'right':
        return this.#moveTo(Math.min(this.text.length, this.#cursor + 1))
      case 'home':
        return this.#moveTo(0)
      case 'end':
        return this.#moveTo(this.text.length)
      case '\b':
      case '\x7f':
        return this.#backspace()
      case 'delete':
        return this.#cut(this.#cursor, this.#cursor + 1)
      case '\x0b':
        return this.#cut(this.#cursor, this.text.length)
      case '\x15':
        return this.#cut(0, this.#cursor)
      case '\x17': {
        const word = /\S*\s*$/.exec(this.text.slice(0, this.#cursor))?.[0].length ?? 0
        return this.#cut(this.#cursor - word, this.#cursor)
      }
      case '\x0c':
        return this.#show(
          `\x1b[H\x1b[J${this.#prompt}${this.text}${'\b'.repeat(this.text.length - this.#cursor)}`,
        )
      default:
        return key.length === 1 && key >= ' ' ? this.#insert(key) : undefined
    }
  }

  replace(text: string): Promise<void> | undefined {
    const old = this.text
    let same = 0
    while (same < Math.min(old.length, text.length) && old[same] === text[same]) same += 1
    const back = '\b'.repeat(Math.max(0, this.#cursor - same))
    this.text = text
    this.#cursor = text.length
    return this.#show(`${back}${text.slice(same)}${old.length > text.length ? eraseRight : ''}`)
  }

  end(how: 'enter' | 'interrupt' | 'end of file'): Promise<void> | undefined {
    if (how === 'interrupt') return this.#write(`^C${pasteOff}${pasteOn}${pasteOff}`)
    if (how === 'end of file') return this.#write(`${pasteOff}exit\n`)
    return this.#write(this.#echo ? `\n${pasteOff}` : `${pasteOff}\n`)
  }

  #insert(char: string): Promise<void> | undefined {
    const atEnd = this.#cursor === this.text.length
    this.text = this.text.slice(0, this.#cursor) + char + this.text.slice(this.#cursor)
    this.#cursor += 1
    return this.#show(atEnd ? char : `\x1b[1@${char}`)
  }

  #backspace(): Promise<void> | undefined {
    if (this.#cursor === 0) return undefined
    if (this.#cursor < this.text.length) return this.#cut(this.#cursor - 1, this.#cursor)
    this.text = this.text.slice(0, -1)
    this.#cursor -= 1
    return this.#show('\b \b')
  }

  /** Takes out what stands between two places; the cursor ends at the first. */
  #cut(from: number, to: number): Promise<void> | undefined {
    const rest = this.text.slice(to)
    const back = '\b'.repeat(this.#cursor - from)
    this.text = this.text.slice(0, from) + rest
    this.#cursor = from
    return this.#show(`${back}${rest}${eraseRight}${'\b'.repeat(rest.length)}`)
  }

  #moveTo(place: number): Promise<void> | undefined {
    const shown =
      place < this.#cursor ? '\b'.repeat(this.#cursor - place) : this.text.slice(this.#cursor, place)
    this.#cursor = place
    return this.#show(shown)
  }

  #show(text: string): Promise<void> | undefined {
    return this.#echo ? this.#write(text) : undefined
  }
}
