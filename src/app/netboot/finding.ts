/** One thing that `hil netboot` has looked at. */
export interface NetbootFinding {
  /** `problem`: something will fail. `note`: it may, or only for some uses. */
  readonly level: 'ok' | 'note' | 'problem'
  /** One sentence: what is so, and for a problem what to do. */
  readonly sentence: string
}

/** A line, or several where the sentence has a list. */
export function formatFinding({ level, sentence }: NetbootFinding): string {
  return `${level.padEnd(7)}  ${sentence.replaceAll('\n', '\n         ')}\n`
}
