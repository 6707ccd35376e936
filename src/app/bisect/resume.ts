import { relative } from 'node:path'
import { HilError } from '../../core/errors.ts'
import type { Queueing } from '../../lab/lease/lease-boards.ts'
import { openBisection } from './open-bisection.ts'
import { runBisection } from './run-bisection.ts'
import { openStored, readSettings, type BisectionArguments } from './stored-bisection.ts'

/** `hil bisect resume`: goes on where it was stopped, with boards that were taken out in use again. @returns the exit code */
export async function resumeCommand(
  args: BisectionArguments,
  queueing: Queueing,
  cwd = process.cwd(),
): Promise<number> {
  const { directory, record } = await openStored(args, cwd)
  if (record.conclusion !== undefined) {
    throw new HilError(
      'bisect.concluded',
      `${relative(cwd, directory)} has come to its end: ${record.conclusion.summary}`,
      { blame: 'environment', details: { directory } },
    )
  }
  const { settings, cwd: place } = await readSettings(directory)
  const opened = await openBisection(settings, place, directory)
  try {
    return await runBisection({
      directory,
      settings,
      opened,
      record: { ...record, boardsOut: {} },
      cwd: place,
      queueing,
    })
  } finally {
    await opened.close()
  }
}
