import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tellRange } from '../../bisect/tell-range.ts'
import { bisectionHtml } from '../../report/bisect/html/bisection-html.ts'
import { bisectionMail } from '../../report/bisect/mail/bisection-mail.ts'
import { logOf } from './log.ts'
import { readProblem, type StoredBisection } from './stored-bisection.ts'

/** The page of a bisection, in its directory. */
const pageFile = 'report.html'

/** What a page of a bisection, and the mail that tells of it, are made of beside the record. */
export async function materialOf(stored: StoredBisection) {
  const log = await logOf(stored)
  const mail = bisectionMail(stored.record, { ...(log !== undefined && { log }) })
  return { ...(log !== undefined && { log }), ...(mail !== undefined && { mail }) }
}

/** Makes the page of a bisection from what it has kept. */
export async function writePage(stored: StoredBisection): Promise<void> {
  const { directory, record } = stored
  const story = tellRange(await readProblem(directory, record), record)
  const linkTo = (path: string) => (existsSync(join(directory, path)) ? path : undefined)
  await writeFile(
    join(directory, pageFile),
    bisectionHtml(record, { story, linkTo, ...(await materialOf(stored)) }),
  )
}
