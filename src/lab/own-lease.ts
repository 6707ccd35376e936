import type { Deadline } from '../core/deadline.ts'
import { isBenchFailure } from '../core/bench-failure.ts'
import { messageOf, toSerializedError } from '../core/errors.ts'
import type { EmitEvent } from '../core/events.ts'
import type { Redactor } from '../core/redaction.ts'
import type { UndoStack } from '../core/undo-stack.ts'
import type { BoardSpec } from '../environment/environment.ts'
import { timesOf, type BenchOutcome } from './lease/board-health.ts'
import type { BoardLease } from './lease/board-lease.ts'
import { describeHolder } from './lease/holder.ts'
import { leasesOfThisHost, withoutWaiting } from './lease/lease-boards.ts'

interface OwnLeaseOptions {
  readonly emit: EmitEvent
  readonly redactor: Redactor
  /** For what purpose: the command line. */
  readonly what: string
  /** @default one that is taken now, without waiting */
  readonly lease?: BoardLease
}

/** The lease of a board that is about to be opened; it is given back by `undo`. Tells the run who left the board behind. */
export async function ownLease(
  spec: BoardSpec,
  { lease: given, what, emit }: OwnLeaseOptions,
  undo: UndoStack,
  t: Deadline,
): Promise<BoardLease> {
  const lease = given ?? (await leasesOfThisHost(withoutWaiting)([spec], { what, emit }, t))[0]
  if (lease === undefined) throw new RangeError(`no lease was given for ${spec.name}`)
  undo.defer('giving back the lease', () => lease.release())
  for (const holder of lease.abandonedBy) {
    const message = `${describeHolder(holder)} ended without leaving the board as declared; what it runs is not used`
    emit({ type: 'note', level: 'warning', board: spec.name, message })
  }
  return lease
}

/** Keeps what a use says of the bench; the run is told where that puts the board into quarantine. */
export async function judgeBench(
  lease: BoardLease,
  outcome: BenchOutcome | undefined,
  { emit, redactor }: OwnLeaseOptions,
): Promise<void> {
  if (outcome === undefined) return
  const before = lease.health.quarantinedSince
  const said = outcome.kind === 'failed' ? { ...outcome, message: redactor.redact(outcome.message) } : outcome
  const health = await lease.judge(said)
  if (health.quarantinedSince === undefined || health.quarantinedSince === before) return
  const message = `in quarantine from now on, for its bench failed${timesOf(health.failuresInARow)}; once it is mended, "hil doctor ${lease.board}" or "hil lab return ${lease.board}" gives it back to all`
  emit({ type: 'note', level: 'warning', board: lease.board, message })
}

/** What an error says of the bench with which a board could not be opened. */
export function outcomeOfOpening(error: unknown): BenchOutcome | undefined {
  return isBenchFailure(toSerializedError(error)) ? { kind: 'failed', message: messageOf(error) } : undefined
}
