import type { NightRecord } from '../../core/night-record.ts'
import { gravest, isPass, verdictOf, type Verdict } from '../../core/verdicts.ts'

/** The gravest of all cells; what was given up counts as what it was given up for. */
export function verdictOfNight({ cells, stopped }: Pick<NightRecord, 'cells' | 'stopped'>): Verdict {
  const all = cells.flatMap(({ outcome, blame }): readonly Verdict[] => {
    if (outcome === undefined || outcome === 'skipped') return []
    return outcome === 'not-run' ? [verdictOf(blame ?? 'infrastructure')] : [outcome]
  })
  const verdict = gravest(all)
  return stopped !== undefined && isPass(verdict) ? 'infrastructure-failed' : verdict
}
