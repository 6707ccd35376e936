import { blameOf, toSerializedError } from '../core/errors.ts'
import type { EmitEvent } from '../core/events.ts'
import { interruptedExit, verdictOf, verdicts } from '../core/verdicts.ts'

/** Which signal ended a run, where one did. */
export function interruptionOf({ aborted, reason }: AbortSignal): keyof typeof interruptedExit | undefined {
  if (!aborted || reason instanceof Error) return undefined
  return reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT'
}

/** The end of a run without tests. @returns the exit code */
export function emitEnd(
  failure: unknown,
  interruptedBy: keyof typeof interruptedExit | undefined,
  durationMs: number,
  emit: EmitEvent,
): number {
  const verdict = failure === undefined ? 'passed' : verdictOf(blameOf(failure))
  const exitCode = interruptedBy === undefined ? verdicts[verdict].exit : interruptedExit[interruptedBy]
  emit({
    type: 'run-finished',
    verdict,
    ...(interruptedBy !== undefined && { interruptedBy }),
    exitCode,
    counts: { passed: 0, failed: 0, skipped: 0, flaky: 0 },
    durationMs,
    ...(failure !== undefined && { error: toSerializedError(failure) }),
  })
  return exitCode
}
