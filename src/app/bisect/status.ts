import { dirname } from 'node:path'
import { evidenceOf } from '../../bisect/search/bisection.ts'
import { resultsFrom } from '../../bisect/search/results.ts'
import { withoutSameKernels } from '../../bisect/search/same-kernels.ts'
import { suspect } from '../../bisect/search/suspicion.ts'
import { statusText } from '../../report/bisect/terminal/status-text.ts'
import { isBeingRun } from './bisection-lock.ts'
import { earlierTimes } from './earlier-times.ts'
import { estimateOf } from './estimate.ts'
import { remainingOf } from './remaining.ts'
import { openStored, readRange, readSettings, type BisectionArguments } from './stored-bisection.ts'

/** `hil bisect status` @returns the exit code */
export async function statusCommand(args: BisectionArguments, cwd = process.cwd()): Promise<number> {
  const { directory, record } = await openStored(args, cwd)
  const problem = withoutSameKernels(await readRange(directory, record), record.builds)
  const suspicion = suspect(problem, evidenceOf(resultsFrom(record), problem))
  const { settings } = await readSettings(directory)
  const remaining = remainingOf(problem, record, settings, suspicion)
  const estimate = estimateOf(record, settings, await earlierTimes(dirname(directory), record))
  const isRunning = await isBeingRun(directory)
  process.stdout.write(statusText(record, { isRunning, remaining, estimate }))
  return 0
}
