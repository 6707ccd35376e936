import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tellRange } from '../../../bisect/tell-range.ts'
import type { BisectionRecord } from '../../../core/bisection-record.ts'
import { startDeadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { reasonOf } from '../../../core/reason-of.ts'
import { bisectionHtml } from '../../../report/bisect/html/bisection-html.ts'
import { bisectionMail } from '../../../report/bisect/mail/bisection-mail.ts'
import { namedCommits } from '../../../report/bisect/names.ts'
import { diffHtml } from '../../../report/diff/diff-html.ts'
import { linkFrom } from '../../report/link-from.ts'
import { showCommit, suggestRecipients } from '../git/tell-commit.ts'
import { logOf } from '../log.ts'
import { readRange, type StoredBisection } from '../stored-bisection.ts'
import { compareFound, type ComparedBoots } from './compare-boots.ts'

const pageName = 'report.html'
const bootsName = 'boots.html'
const mailName = 'mail.txt'

/**
 * Writes what people read of a bisection into its directory: `report.html`, the boots of what was found and of what is
 * before it as `boots.html`, and `mail.txt`.
 * @returns the mail; undefined where there is nothing to tell anybody
 * @throws HilError `bisect.state` (environment), `bisect.reports` (infrastructure)
 */
export async function writeReports(stored: StoredBisection): Promise<string | undefined> {
  const { directory, record } = stored
  const log = await logOf(stored)
  const boots = await compareFound(directory, record)
  const mail = bisectionMail(record, {
    ...(log !== undefined && { log }),
    ...(boots !== undefined && { excerpt: boots.excerpt }),
    ...(await fromGit(record)),
  })
  const page = bisectionHtml(record, {
    story: tellRange(await readRange(directory, record), record),
    linkTo: (path) => linkFrom(join(directory, pageName), join(directory, path)),
    ...(log !== undefined && { log }),
    ...(mail !== undefined && { mail }),
    ...(boots !== undefined && { boots: sideBySide(boots) }),
  })
  const files = [
    [pageName, page],
    [bootsName, boots && diffHtml(boots.diff, boots.runs)],
    [mailName, mail],
  ] as const
  for (const [name, text] of files) if (text !== undefined) write(join(directory, name), text)
  return mail
}

function sideBySide({ diff, passing, failing }: ComparedBoots) {
  return { diff, a: passing.commit, b: failing.commit, page: bootsName }
}

/** How long git and the kernel's script may take. */
const askingMs = 60_000

/** What can be had without, where the repository is not there any more. */
async function fromGit(
  record: BisectionRecord,
): Promise<{ readonly commit?: string; readonly recipients?: readonly string[] }> {
  const [id, ...others] = namedCommits(record)
  if (record.source.kind === 'payloads' || id === undefined || others.length > 0) return {}
  const { repository } = record.source
  using t = startDeadline(askingMs, `asking git about ${id}`)
  try {
    return {
      commit: await showCommit(repository, id, t),
      recipients: await suggestRecipients(repository, record.commits[id] ?? { id }, t),
    }
  } catch (error) {
    if (error instanceof HilError) return {}
    throw error
  }
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (error) {
    throw new HilError('bisect.reports', `${path} can't be written: ${reasonOf(error)}`, {
      blame: 'infrastructure',
      details: { path },
      cause: error,
    })
  }
}
