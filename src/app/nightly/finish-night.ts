import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import type { NightRecord } from '../../core/night-record.ts'
import { displayPath } from '../../environment/problems/problems.ts'
import { compareNights } from '../../report/nightly/compare-nights.ts'
import type { NightNews } from '../../report/nightly/night-news.ts'
import { nightSummary } from '../../report/nightly/night-summary.ts'
import type { Screen } from '../../report/terminal/screen.ts'
import { bisectRegressions } from './bisect-regressions.ts'
import type { NightHistory } from './night-history.ts'
import { writeNightReports, writeOverview } from './night-reports.ts'
import { notify } from './notify/notify.ts'
import type { Plan } from './plan/plan.ts'

export interface FinishOptions {
  readonly plan: Plan
  /** Of the night. */
  readonly directory: string
  readonly record: NightRecord
  readonly cwd: string
  readonly history: NightHistory
  readonly screen: Screen
  /** The person's interruption, not the end of the night's time. */
  readonly interrupt: AbortSignal
}

/** What is done when all cells are over: regressions are bisected, reports written, people told. */
export async function finishNight(options: FinishOptions): Promise<NightRecord> {
  const { plan, directory, cwd, history, interrupt } = options
  let { record } = options
  const { last, lastGood, usualBoots } = await history.earlier(record)
  if (plan.bisect !== undefined && !interrupt.aborted) {
    record = await bisectRegressions({ ...options, budget: plan.bisect, last })
  }
  const news: NightNews = {
    ...(last && { last: compareNights(record, last, usualBoots) }),
    ...(lastGood && { lastGood: compareNights(record, lastGood, usualBoots) }),
  }
  const shown = displayPath(directory, cwd)
  await writeNightReports(directory, record, news, join(shown, 'report.html'))
  await history.remember(record, directory, shown)
  if (interrupt.aborted) return record
  // Who reads it elsewhere has to know on which machine the page lies.
  const place = `${hostname()}:${resolve(cwd, directory, 'report.html')}`
  const summary = nightSummary(record, news, place)
  const failures = await notify({ plan, record, news, summary, place })
  if (failures.length === 0) return record
  for (const failure of failures) process.stderr.write(`hil: ${messageOf(failure)}\n`)
  const noted = { ...record, notes: [...record.notes, ...failures.map(messageOf)] }
  await writeOverview(directory, noted, news)
  return noted
}
