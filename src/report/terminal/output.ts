/** Where a reporter writes: stdout, a file, a string in a test. */
export interface Output {
  readonly write: (text: string) => void
  /** Whether lines can be overwritten: a terminal that understands cursor movement. */
  readonly isTerminal: boolean
  readonly isColoured: boolean
  /** Width in columns, as it is now. */
  readonly columns: number
}
