import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Queueing } from '../../lab/lease/lease-boards.ts'
import { createReportDirectory } from '../../report/report-directory.ts'
import { writeDurably } from '../durable-json.ts'
import { openBisection } from './open-bisection.ts'
import { runBisection } from './run-bisection.ts'
import type { BisectSettings } from './settings.ts'
import { settingsFile } from './stored-bisection.ts'

/**
 * `hil bisect`: finds the commit that made a change.
 * @returns the exit code
 * @throws HilError for what is wrong before anything is built or switched
 */
export async function bisectCommand(
  settings: BisectSettings,
  queueing: Queueing,
  cwd = process.cwd(),
): Promise<number> {
  const opened = await openBisection(settings, cwd)
  try {
    const directory = createReportDirectory(resolve(cwd, settings.reportRoot), new Date(), ['bisect'])
    for (const [name, text] of Object.entries(opened.kept)) await writeFile(join(directory, name), text)
    await writeDurably(join(directory, settingsFile), { settings, cwd })
    return await runBisection({ directory, settings, opened, record: undefined, cwd, queueing })
  } finally {
    await opened.close()
  }
}
