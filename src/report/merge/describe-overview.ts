import type { Overview } from './merge-runs.ts'

/** `3 runs on 2 boards: board failed` */
export function describeOverview({ runs, boards, verdict }: Overview): string {
  const outcome = verdict?.replaceAll('-', ' ') ?? 'not all runs came to their end'
  return `${count(runs.length, 'run')} on ${count(boards.length, 'board')}: ${outcome}`
}

/** `8 passed, 1 failed` */
export function describeCounts({ counts }: Overview): string {
  const told = Object.entries(counts).filter(([, number]) => number > 0)
  return told.map(([name, number]) => `${number} ${name}`).join(', ') || 'no test'
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
