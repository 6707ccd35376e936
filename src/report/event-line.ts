import type { RunEvent } from '../core/events.ts'

/** What JSON leaves as it is and a terminal obeys: DEL, C1 controls, and marks that turn the writing direction. */
const unsafe = /[\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** One line of `events.jsonl`, line end included; pure enough to be shown on a terminal. */
export function toEventLine(event: RunEvent): string {
  return `${JSON.stringify(event).replace(unsafe, escape)}\n`
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
