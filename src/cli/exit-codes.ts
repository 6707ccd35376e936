import { wrapWords } from '../core/wrap-words.ts'
import { interruptedExit, verdicts, type Verdict } from '../core/verdicts.ts'
import { helpWidth } from './help-width.ts'

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
  return wrapWords(means, {
    width: helpWidth(),
    first: `  ${code.padStart(8)}  `,
    rest: ' '.repeat(14),
  }).join('\n')
}
