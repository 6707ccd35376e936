import type { SecretReference } from '../../../board/option-types.ts'
import { messageOf } from '../../../core/errors.ts'
import { findProgram } from '../../../core/find-program.ts'
import { readSecret } from '../../../lab/read-secret.ts'
import type { Plan, Webhook } from '../plan/plan.ts'
import { sendmailPath } from './send-mail.ts'
import { addressOf } from './post-webhook.ts'

type Mail = NonNullable<Plan['mail']>

/** Who hears of a night at its end, and what of that would fail here and now. Secrets are read, and not told. */
export async function whoIsTold({ mail, webhooks }: Pick<Plan, 'mail' | 'webhooks'>): Promise<string> {
  const told = await Promise.all([
    ...(mail === undefined ? [] : [mailLines(mail)]),
    ...webhooks.map((webhook) => webhookLines(webhook)),
  ])
  const lines = told.length === 0 ? ['nobody is told of it'] : ['told at its end', ...told.flat()]
  return ['', ...lines].map((line) => `${line}\n`).join('')
}

const occasions: Readonly<Record<Webhook['on'], string>> = {
  change: 'if anything is new',
  failure: 'if not all passed',
  always: 'always',
}

async function mailLines({ to, on, smtp, sendmail }: Mail): Promise<readonly string[]> {
  const line = (by: string) => `  mail to ${to.join(', ')} by ${by}, ${occasions[on]}`
  if (smtp !== undefined) return [line(smtp.host), ...(await problemsOf(smtp.password))]
  const program = await sendmailPath(sendmail)
  const isThere = (await findProgram(program)) !== undefined
  return [line(program), ...(isThere ? [] : [problem(`there is no program ${program}`)])]
}

async function webhookLines({ url, token, on }: Webhook): Promise<readonly string[]> {
  return [
    `  webhook ${typeof url === 'string' ? addressOf(url) : `whose address is ${placeOf(url)}`}, ${occasions[on]}`,
    ...(typeof url === 'string' ? [] : await problemsOf(url, (value) => URL.canParse(value))),
    ...(await problemsOf(token)),
  ]
}

async function problemsOf(
  reference: SecretReference | undefined,
  isUsable?: (value: string) => boolean,
): Promise<readonly string[]> {
  if (reference === undefined) return []
  try {
    const value = await readSecret(reference)
    return isUsable === undefined || isUsable(value)
      ? []
      : [problem(`what is ${placeOf(reference)} is no URL`)]
  } catch (error) {
    return [problem(messageOf(error))]
  }
}

function placeOf(reference: SecretReference): string {
  return 'env' in reference ? `in $${reference.env}` : `in ${reference.file}`
}

function problem(text: string): string {
  return `    not as things are here: ${text}`
}
