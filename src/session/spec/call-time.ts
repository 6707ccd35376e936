import { parseDuration } from '../../core/duration.ts'
import { HilError } from '../../core/errors.ts'
import type { CallTime } from '../board/board-calls.ts'

/** @throws HilError `spec.bad-timeout` (test) */
export function callTime(timeout: number | string | undefined): CallTime {
  if (timeout === undefined) return {}
  const ms = typeof timeout === 'number' ? timeout : parseDuration(timeout)
  if (ms !== undefined && ms > 0) return { timeoutMs: ms }
  throw new HilError(
    'spec.bad-timeout',
    `"${timeout}" is no time: give milliseconds as a number, or a duration such as "30s"`,
    { blame: 'test', details: { timeout } },
  )
}
