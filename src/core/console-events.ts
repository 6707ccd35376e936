import type { ConsoleEventBody } from './events.ts'

/** How a console of a board beside its main one is called: `rock3a/secure`. */
export function consoleName(board: string, console: string): string {
  return `${board}/${console}`
}

/** Whether it tells what happens on a line. */
export function isConsoleEvent<Event extends { readonly type: string }>(
  event: Event,
): event is Event & { readonly type: ConsoleEventBody['type'] } {
  return types.has(event.type)
}

const types: ReadonlySet<string> = new Set<ConsoleEventBody['type']>([
  'console-rx',
  'console-tx',
  'console-break',
  'console-lost',
  'console-back',
  'console-closed',
])
