import type { CellOutcome, NightCell, NightRecord } from '../../core/night-record.ts'

/** How an outcome is told: its word, and what kind of news it is. */
export const outcomeWords: Readonly<Record<CellOutcome, { readonly word: string; readonly tone: Tone }>> = {
  passed: { word: 'passed', tone: 'good' },
  flaky: { word: 'flaky', tone: 'doubtful' },
  'test-failed': { word: 'test failed', tone: 'bad' },
  'board-failed': { word: 'board failed', tone: 'bad' },
  'payload-unusable': { word: 'payload unusable', tone: 'bad' },
  'environment-wrong': { word: 'environment wrong', tone: 'amiss' },
  'infrastructure-failed': { word: 'infrastructure failed', tone: 'amiss' },
  'hil-bug': { word: 'bug in hil', tone: 'amiss' },
  skipped: { word: 'skipped', tone: 'neutral' },
  'not-run': { word: 'not run', tone: 'neutral' },
}

export type Tone = 'good' | 'doubtful' | 'bad' | 'amiss' | 'neutral'

/** `7 passed, 1 flaky, 2 board failed`, the usual first; what has no outcome yet is `to do`. */
export function countOutcomes(cells: readonly NightCell[]): string {
  const names = Object.keys(outcomeWords) as readonly CellOutcome[]
  const told = names.flatMap((name) => {
    const count = cells.filter(({ outcome }) => outcome === name).length
    return count === 0 ? [] : [`${count} ${outcomeWords[name].word}`]
  })
  const left = cells.filter(({ outcome }) => outcome === undefined).length
  return [...told, ...(left === 0 ? [] : [`${left} to do`])].join(', ') || 'no cells'
}

/** Whether somebody has to act on a cell. */
export function isAmiss({ outcome }: Pick<NightCell, 'outcome'>): boolean {
  return outcome !== undefined && outcome !== 'passed' && outcome !== 'flaky' && outcome !== 'skipped'
}

/** The outcome of all of a night, as a heading. */
export function titleOfNight({ cells, stopped, finishedAt }: NightRecord): string {
  if (stopped !== undefined) return 'Stopped'
  if (finishedAt === undefined) return 'Under way'
  const amiss = cells.filter(isAmiss).length
  if (amiss > 0) return `${amiss} of ${cells.length} failed`
  return cells.every(({ outcome }) => outcome === 'skipped') ? 'Nothing has changed' : 'All passed'
}

export function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
