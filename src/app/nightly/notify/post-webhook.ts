import { HilError } from '../../../core/errors.ts'
import { reasonOf } from '../../../core/reason-of.ts'
import { verdicts } from '../../../core/verdicts.ts'
import { readSecret } from '../../../lab/read-secret.ts'
import { titleOfNight } from '../../../report/nightly/night-words.ts'
import { verdictOfNight } from '../night-verdict.ts'
import type { Webhook } from '../plan/plan.ts'
import type { NotifyOptions } from './notify.ts'

/** How long whoever is told may take to answer, in milliseconds. */
const answerMs = 30_000

/**
 * POSTs the outcome as JSON. `text` is what Slack, Mattermost, Rocket.Chat and Matrix's hookshot show.
 * @throws HilError `nightly.webhook` (infrastructure), `environment.secret` (environment)
 */
export async function postWebhook(
  webhook: Webhook,
  { record, news, summary, place }: NotifyOptions,
): Promise<void> {
  const url = typeof webhook.url === 'string' ? webhook.url : await readSecret(webhook.url)
  const shown = typeof webhook.url === 'string' ? addressOf(url) : 'a webhook'
  const token = webhook.token && (await readSecret(webhook.token))
  const verdict = verdictOfNight(record)
  const body = {
    text: summary,
    ...{ night: record.id, name: record.name, title: titleOfNight(record), verdict },
    ...{ exitCode: verdicts[verdict].exit, report: place, news: countsOf(news) },
  }
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(answerMs),
    })
    await response.body?.cancel()
    if (response.ok) return
    throw new HilError('nightly.webhook', `${shown} refuses what it is told: status ${response.status}`, {
      blame: 'infrastructure',
    })
  } catch (error) {
    if (error instanceof HilError) throw error
    const why = error instanceof Error && error.cause !== undefined ? reasonOf(error.cause) : reasonOf(error)
    throw new HilError('nightly.webhook', `${shown} can't be told of the night: ${why}`, {
      blame: 'infrastructure',
    })
  }
}

/** An address without what may be secret about it, which is told nobody. */
export function addressOf(url: string): string {
  return new URL(url).origin
}

function countsOf({ last, lastGood }: NotifyOptions['news']) {
  const count = (comparison: typeof last) =>
    comparison && {
      since: comparison.startedAt,
      newFailures: comparison.newFailures.map(({ id }) => id),
      newTrouble: comparison.newTrouble.map(({ id }) => id),
      fixed: comparison.fixed.map(({ id }) => id),
      flaky: comparison.flaky.map(({ id }) => id),
      slowerBoots: comparison.slowerBoots.map(({ cell }) => cell.id),
    }
  return { last: count(last), lastGood: count(lastGood) }
}
