/** One thing that `hil doctor` has looked at. */
export interface DoctorFinding {
  /** `problem`: something will fail. `note`: it may, or only for some uses. */
  readonly level: 'ok' | 'note' | 'problem'
  /** One sentence: what is so, and for a problem what to do. */
  readonly sentence: string
}

/** A line, or several where the sentence has a list. */
export function formatFinding({ level, sentence }: DoctorFinding): string {
  return `${level.padEnd(7)}  ${sentence.replaceAll('\n', '\n         ')}\n`
}
