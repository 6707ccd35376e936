export interface WrapOptions {
  /** Of a whole line, what it begins with included. */
  readonly width: number
  /** What the first line begins with. */
  readonly first?: string
  /** What the other lines begin with. @default as the first */
  readonly rest?: string
}

/** Breaks text between words; a word that is too long keeps its line to itself. */
export function wrapWords(text: string, { width, first = '', rest = first }: WrapOptions): readonly string[] {
  const lines: string[] = []
  let line = first
  let isEmpty = true
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line)
      line = rest
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, line]
}
