import { verdicts } from '../../core/verdicts.ts'
import type { Overview } from './merge-runs.ts'

/** `3 runs on 2 boards: the board failed: panic, oops, ...` */
export function describeOverview({ runs, boards, verdict }: Overview): string {
  const means = verdict === undefined ? 'not all runs came to their end' : verdicts[verdict].means
  return `${count(runs.length, 'run')} on ${count(boards.length, 'board')}: ${means}`
}

/** `8 passed, 1 failed` */
export function describeCounts({ counts }: Overview): string {
  const told = Object.entries(counts).filter(([, number]) => number > 0)
  return told.map(([name, number]) => `${number} ${name}`).join(', ') || 'no test'
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
