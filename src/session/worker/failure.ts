import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatDuration } from '../../core/duration.ts'
import { toSerializedError, type SerializedError } from '../../core/errors.ts'

/** The error of a test or hook as it goes to the parent, with a stack that begins in the spec. */
export function toFailure(
  error: unknown,
  runnable: Mocha.Runnable,
  waitingFor: readonly string[],
): SerializedError {
  if (isMochaTimeout(error)) return timeoutFailure(error, runnable, waitingFor)
  const serialized = toSerializedError(error)
  return serialized.stack === undefined ? serialized : { ...serialized, stack: specFrames(serialized.stack) }
}

/** mocha 12, lib/error-constants.js */
function isMochaTimeout(error: unknown): error is Error & { timeout: number } {
  return (error as { code?: unknown } | undefined)?.code === 'ERR_MOCHA_TIMEOUT'
}

function timeoutFailure(
  { timeout }: { timeout: number },
  runnable: Mocha.Runnable,
  waitingFor: readonly string[],
): SerializedError {
  const waits = waitingFor.length === 0 ? '' : `; it was waiting for ${waitingFor.join(' and ')}`
  return {
    name: 'HilError',
    code: 'spec.timeout',
    blame: 'test',
    message: `"${runnable.title}" took longer than ${formatDuration(timeout)}${waits}`,
    details: { timeoutMs: timeout, waitingFor },
  }
}

const ownDirectory = dirname(dirname(fileURLToPath(import.meta.url)))

/** Without the frames of mocha, Node and the way to the parent. */
export function specFrames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !/^ {4}at /.test(line) || !isInternal(line))
    .join('\n')
}

function isInternal(frame: string): boolean {
  return frame.includes('node:') || frame.includes('/node_modules/mocha/') || frame.includes(ownDirectory)
}
