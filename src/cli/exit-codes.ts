import { interruptedExit, verdicts, type Verdict } from '../core/verdicts.ts'

/** The exit codes as help shows them, made from the verdict table. @param of which of the two schemes */
export function exitCodeHelp(of: 'exit' | 'bisect' = 'exit'): string {
  const byCode = new Map<number, string[]>()
  for (const verdict of Object.keys(verdicts) as Verdict[]) {
    const row = verdicts[verdict]
    byCode.set(row[of], [...(byCode.get(row[of]) ?? []), row.means])
  }
  const rows = [...byCode]
    .sort(([a], [b]) => a - b)
    .map(([code, meanings]) => [String(code), meanings] as const)
  const { SIGINT, SIGTERM } = interruptedExit
  const all = [...rows, [`${SIGINT}, ${SIGTERM}`, ['interrupted by Ctrl-C (SIGINT), by SIGTERM']] as const]
  return all
    .flatMap(([code, meanings]) => meanings.map((means, index) => line(index === 0 ? code : '', means)))
    .join('\n')
}

/** Meanings stand in a column of their own, also where they need several lines. */
function line(code: string, means: string): string {
  return wrapWords(means, 84)
    .map((words, index) => `  ${(index === 0 ? code : '').padStart(8)}  ${index === 0 ? '' : '  '}${words}`)
    .join('\n')
}

function wrapWords(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > columns) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
