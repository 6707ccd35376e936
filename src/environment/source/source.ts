/** A file that was read, and where it stands in the order of reading. */
export interface Source {
  /** Absolute path. */
  readonly file: string
  readonly text: string
}

/** A point in a file: what a problem refers to. */
export interface Place {
  readonly source: Source
  /** Index into the text. */
  readonly offset: number
}

export interface Location {
  /** Counted from 1. */
  readonly line: number
  /** Counted from 1, in UTF-16 units as editors do. */
  readonly column: number
  readonly sourceLine: string
}

export function locate({ source: { text }, offset }: Place): Location {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const end = text.indexOf('\n', start)
  return {
    line: text.slice(0, start).split('\n').length,
    column: offset - start + 1,
    sourceLine: text.slice(start, end === -1 ? undefined : end).trimEnd(),
  }
}
