/** Something about a payload that a person should know before it is booted. */
export interface Finding {
  /** An error means that this payload can't boot this board. */
  readonly severity: 'error' | 'warning'
  /** `area.what`, stable. */
  readonly code: string
  readonly sentence: string
  /** The artifact it is about. */
  readonly file: string | undefined
  /** What to do. */
  readonly remedy: string
}

export function error(code: string, file: string | undefined, sentence: string, remedy: string): Finding {
  return { severity: 'error', code, file, sentence, remedy }
}

export function warning(code: string, file: string | undefined, sentence: string, remedy: string): Finding {
  return { severity: 'warning', code, file, sentence, remedy }
}
