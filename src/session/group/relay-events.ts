import type { EmitEvent } from '../../core/events.ts'
import type { FromWorker, StepMessage } from './protocol.ts'

/** What a spec says that is an event as it is. */
export type Relayed = FromWorker & { readonly type: 'step' | 'output' | 'note' }

export interface RelayContext {
  /** Steps are numbered in each worker anew. */
  readonly workerId: number
  /** The id of a test, by its key. */
  readonly testId: (key: string) => string
  readonly emit: EmitEvent
}

/** Tells what a spec prints, and the steps it takes. */
export function relayEvent(message: Relayed, context: RelayContext): void {
  const { testId, emit } = context
  switch (message.type) {
    case 'output': {
      const { stream, text, test } = message
      emit({ type: 'spec-output', stream, text, ...(test !== undefined && { test: testId(test) }) })
      break
    }
    case 'note':
      emit({ type: 'note', level: 'warning', message: message.message })
      break
    case 'step':
      relayStep(message, context)
      break
  }
}

function relayStep(message: StepMessage, { workerId, testId, emit }: RelayContext): void {
  const idOf = (step: string) => `${workerId}.${step}`
  const id = idOf(message.id)
  if (message.begins) {
    const { parent, test, title } = message
    emit({
      type: 'step-started',
      id,
      title,
      ...(parent !== undefined && { parent: idOf(parent) }),
      ...(test !== undefined && { test: testId(test) }),
    })
  } else {
    const { durationMs, error } = message
    emit({ type: 'step-ended', id, durationMs, ...(error !== undefined && { error }) })
  }
}
