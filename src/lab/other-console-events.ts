import { isConsoleEvent } from '../core/console-events.ts'
import type { EmitEvent } from '../core/events.ts'

/** Tells what happens on a console beside the main one: what events of consoles say is put into events around them. */
export function otherConsoleEvents(board: string, console: string, emit: EmitEvent): EmitEvent {
  return (body) => {
    if (!isConsoleEvent(body) && body.type !== 'kernel-finding') return emit(body)
    const { board: _, ...event } = body
    emit({ type: 'other-console', board, console, event })
  }
}
