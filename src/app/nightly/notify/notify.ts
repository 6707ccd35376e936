import type { NightRecord } from '../../../core/night-record.ts'
import { hasNews } from '../../../report/nightly/compare-nights.ts'
import type { NightNews } from '../../../report/nightly/night-news.ts'
import { isAmiss } from '../../../report/nightly/night-words.ts'
import type { Plan } from '../plan/plan.ts'
import { postWebhook } from './post-webhook.ts'
import { sendMail } from './send-mail.ts'

export interface NotifyOptions {
  readonly plan: Pick<Plan, 'mail' | 'webhooks'>
  readonly record: NightRecord
  readonly news: NightNews
  readonly summary: string
  /** Where the report is. */
  readonly place: string
}

/** Tells whoever the plan says. @returns why somebody could not be told: the night is what it is all the same */
export async function notify(options: NotifyOptions): Promise<readonly unknown[]> {
  const { plan, record, news, summary } = options
  const { mail, webhooks } = plan
  const wanted = (on: 'change' | 'always' | 'failure') => on === 'always' || wants(on, record, news)
  const told = [
    ...(mail !== undefined && wanted(mail.on) ? [sendMail(mail, summary)] : []),
    ...webhooks.filter(({ on }) => wanted(on)).map((webhook) => postWebhook(webhook, options)),
  ]
  const results = await Promise.allSettled(told)
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
}

/** Without an earlier night all that failed is new, and so is a night that was stopped. */
function wants(on: 'change' | 'failure', record: NightRecord, { last }: NightNews): boolean {
  const isBad = record.stopped !== undefined || record.cells.some(isAmiss)
  if (on === 'failure' || last === undefined) return isBad
  return record.stopped !== undefined || hasNews(last) || record.bisections.length > 0
}
