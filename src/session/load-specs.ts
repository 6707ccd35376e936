import { availableParallelism, loadavg } from 'node:os'
import { now } from '../core/clock.ts'
import { isDeadlineExceeded, type Deadline } from '../core/deadline.ts'
import { fromSerializedError, HilError } from '../core/errors.ts'
import { deathError } from './group/death-error.ts'
import type { LoadedFile, WorkerSettings } from './group/protocol.ts'
import type { SpecWorker } from './group/spec-worker.ts'
import { loadTimeout } from './load-timeout.ts'

/** A spec that awaits something for ever at its top level would keep the run from ever starting. */
const loadMs = 60_000

/** What a worker wrote while it loaded specs. */
export type OnOutput = (stream: 'stdout' | 'stderr', text: string) => void

/**
 * Lets a worker load files and finds their tests.
 * @throws HilError (environment) with the place in the file, of all files that can't be loaded; `spec.load-timeout`
 *   (environment; infrastructure on a host that had no time for them)
 */
export async function loadSpecs(
  worker: SpecWorker,
  files: readonly string[],
  settings: WorkerSettings,
  onOutput: OnOutput,
  root: Deadline,
): Promise<readonly LoadedFile[]> {
  using t = root.within(loadMs * files.length, 'loading the specs')
  const loaded: LoadedFile[] = []
  const errors: Error[] = []
  const current = () => files[loaded.length + errors.length] ?? 'a spec'
  const done = new Promise<undefined>((resolve) => {
    worker.listener = {
      output: onOutput,
      message: (message) => {
        if (message.type === 'loaded') loaded.push(message.file)
        if (message.type === 'load-failed') errors.push(fromSerializedError(message.error))
        if (message.type === 'output') onOutput(message.stream, message.text)
        if (message.type === 'all-loaded') resolve(undefined)
      },
    }
  })
  worker.send({ type: 'load', files, settings })
  const end = await orTimeout(Promise.race([done, worker.ended]), t, current)
  worker.listener = undefined
  if (end !== undefined) throw asEnvironmentError(deathError(end, current(), undefined).message, current())
  if (errors.length > 0) throw inOne(errors)
  return loaded
}

async function orTimeout<T>(work: Promise<T>, t: Deadline, current: () => string): Promise<T> {
  const startedAt = now()
  try {
    return await t.race(work)
  } catch (error) {
    if (!isDeadlineExceeded(error)) throw error
    const host = { load: loadavg()[0] ?? 0, processors: availableParallelism() }
    throw loadTimeout(current(), now() - startedAt, host, error)
  }
}

function asEnvironmentError(message: string, file: string): HilError {
  return new HilError('spec.failed-to-load', `while it was loaded: ${message}`, {
    blame: 'environment',
    details: { file },
  })
}

function inOne(errors: readonly Error[]): Error {
  const [first] = errors
  if (first !== undefined && errors.length === 1) return first
  return new HilError('spec.failed-to-load', errors.map(({ message }) => message).join('\n'), {
    blame: 'environment',
    details: { errors: errors.length },
    cause: first,
  })
}
