/** The last text of a console, for messages: cheap to add to, cut into lines only when asked. */
export class RecentText {
  #chunks: string[] = []
  #length = 0
  readonly #limit: number

  /** @param limit characters kept at least */
  constructor(limit = 16_384) {
    this.#limit = limit
  }

  push(text: string): void {
    this.#chunks.push(text)
    this.#length += text.length
    // Cut rarely, so that the cost per character stays constant.
    if (this.#length > 2 * this.#limit) {
      const kept = this.#chunks.join('').slice(-this.#limit)
      this.#chunks = [kept]
      this.#length = kept.length
    }
  }

  /**
   * Oldest first; the unfinished last line included, up to the cursor, an empty one not. It is asked for with each
   * command: no more is looked at than was asked for.
   */
  lastLines(count: number): readonly string[] {
    const text = this.#chunks.join('')
    this.#chunks = [text]
    let end = text.lastIndexOf('\n')
    const unfinished = asOnScreen(text.slice(end + 1))
    const lines = unfinished.trimEnd() === '' ? [] : [unfinished]
    while (end >= 0 && lines.length < count) {
      const start = end === 0 ? -1 : text.lastIndexOf('\n', end - 1)
      lines.push(asOnScreen(text.slice(start + 1, end)).trimEnd())
      end = start
    }
    return lines.reverse().slice(-count)
  }
}

/** What a terminal would show of a line: text overwritten after CR or backspaces is gone. */
function asOnScreen(line: string): string {
  const shown: string[] = []
  let column = 0
  for (const character of line) {
    if (character === '\r') column = 0
    else if (character === '\b') column = Math.max(0, column - 1)
    else if (character >= ' ' || character === '\t') shown[column++] = character
  }
  return shown.join('')
}
