import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { findProgram } from '../../core/find-program.ts'
import { HilError } from '../../core/errors.ts'

/** What opens a page on a person's machine, the first that is there; `$BROWSER` comes before all. */
const openers = ['xdg-open', 'open', 'wslview', 'sensible-browser']

/**
 * Opens a report in the browser, and prints where it is.
 * @param directory of the report, as a person would type it
 * @returns the exit code
 * @throws HilError `report.none`, `report.opener` (environment)
 */
export async function openReport(directory: string, cwd = process.cwd()): Promise<number> {
  const page = join(directory, 'report.html')
  if (!existsSync(resolve(cwd, page))) {
    throw new HilError(
      'report.none',
      `there is no ${page}; "hil report make ${directory}" makes it from the events`,
      {
        blame: 'environment',
      },
    )
  }
  process.stdout.write(`${page}\n`)
  const opener = await findOpener()
  if (opener === undefined) {
    throw new HilError(
      'report.opener',
      `nothing here opens a page (no $BROWSER, and none of ${openers.join(', ')}): open ${page} by hand`,
      { blame: 'environment' },
    )
  }
  // The browser stays when hil has ended.
  const browser = execa(opener, [resolve(cwd, page)], { detached: true, stdio: 'ignore', reject: false })
  browser.unref()
  return 0
}

async function findOpener(): Promise<string | undefined> {
  const names = [process.env['BROWSER'] ?? '', ...openers].filter((name) => name !== '')
  for (const name of names) {
    const path = await findProgram(name)
    if (path !== undefined) return path
  }
  return undefined
}
