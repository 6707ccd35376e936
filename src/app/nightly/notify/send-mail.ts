import { HilError } from '../../../core/errors.ts'
import { findProgram } from '../../../core/find-program.ts'
import { reasonOf } from '../../../core/reason-of.ts'
import { readSecret } from '../../../lab/read-secret.ts'
import type { Plan } from '../plan/plan.ts'

type Mail = NonNullable<Plan['mail']>

/** How long a server may say nothing, in milliseconds. */
const silenceMs = 60_000

/**
 * Sends the summary as a mail of plain text; its first line is the subject.
 * @throws HilError `nightly.mail` (infrastructure), `environment.secret` (environment)
 */
export async function sendMail(mail: Mail, summary: string): Promise<void> {
  // Loaded only where somebody wants a mail.
  const { createTransport } = await import('nodemailer')
  const [subject = 'hil nightly'] = summary.split('\n')
  const message = {
    ...{ from: mail.from, to: [...mail.to], subject: `[hil] ${subject}`, text: summary },
    // RFC 3834: no out-of-office note answers it.
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
  const { smtp } = mail
  try {
    if (smtp === undefined) {
      await createTransport({
        sendmail: true,
        newline: 'unix',
        path: await sendmailPath(mail.sendmail),
      }).sendMail(message)
      return
    }
    const { host, tls, user } = smtp
    const pass = smtp.password === undefined ? '' : await readSecret(smtp.password)
    const transport = createTransport({
      ...{ host, port: smtp.port ?? (tls ? 465 : 587), secure: tls, requireTLS: smtp['require-tls'] },
      ...{ connectionTimeout: silenceMs, greetingTimeout: silenceMs, socketTimeout: silenceMs },
      ...(user !== undefined && { auth: { user, pass } }),
    })
    await transport.sendMail(message)
  } catch (error) {
    if (error instanceof HilError) throw error
    const by = smtp === undefined ? 'sendmail' : smtp.host
    throw new HilError(
      'nightly.mail',
      `${by} does not take the mail to ${mail.to.join(', ')}: ${reasonOf(error)}`,
      {
        blame: 'infrastructure',
        details: { to: mail.to },
        cause: error,
      },
    )
  }
}

/** Where sendmail should be. */
export async function sendmailPath(given: Mail['sendmail']): Promise<string> {
  if (typeof given === 'string') return given
  // It often lies where no ordinary person's PATH leads.
  return (await findProgram('sendmail')) ?? '/usr/sbin/sendmail'
}
