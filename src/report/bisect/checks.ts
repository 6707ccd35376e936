import type { BisectionCheck, BisectionRecord } from '../../core/bisection-record.ts'
import { plural } from './amounts.ts'
import { nameOf, termsOf } from './names.ts'

/** All that was looked at before a commit is named: that both ends are what they should be, and then the commit itself. */
export function checksOf(record: BisectionRecord): readonly BisectionCheck[] {
  const { ends, conclusion, probes } = record
  const { failing, passing } = termsOf(record)
  if (probes.length === 0) return conclusion?.checks ?? []
  return [
    endCheck(record, ends.failing, 'fail', `${failing} end fails`),
    ...ends.passing.map((commit, _, all) =>
      endCheck(
        record,
        commit,
        'pass',
        `${all.length > 1 ? nameOf(record, commit) : `${passing} end`} passes`,
      ),
    ),
    ...(conclusion?.checks ?? []),
  ]
}

/** A failure is proof, whereas every pass has to be one. */
function endCheck(
  { probes }: BisectionRecord,
  end: string,
  wanted: 'pass' | 'fail',
  name: string,
): BisectionCheck {
  const told = probes.filter(
    ({ commit, outcome }) => commit === end && (outcome === 'pass' || outcome === 'fail'),
  )
  if (told.length === 0) return { name, result: 'not done', detail: 'no run of it has said anything' }
  const failed = told.filter(({ outcome }) => outcome === 'fail').length
  const isAsWanted = wanted === 'fail' ? failed > 0 : failed === 0
  return {
    name,
    result: isAsWanted ? 'passed' : 'failed',
    detail: `it failed in ${failed} of ${plural(told.length, 'run')}`,
  }
}
