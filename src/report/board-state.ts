import type { RunEvent } from '../core/events.ts'
import { LastLines } from './last-lines.ts'
import type { BoardRecord } from './run-record.ts'

/** What is known of a board by its events so far. */
export class BoardState {
  readonly record: { -readonly [Key in keyof BoardRecord]: BoardRecord[Key] } & {
    transitions: BoardRecord['transitions'][number][]
    boots: BoardRecord['boots'][number][]
    findings: BoardRecord['findings'][number][]
  }
  readonly #lines = new LastLines()

  constructor(name: string) {
    const lines = this.#lines
    this.record = {
      name,
      facts: undefined,
      versions: {},
      state: undefined,
      power: 'unknown',
      entering: undefined,
      transfer: undefined,
      test: undefined,
      transitions: [],
      boots: [],
      findings: [],
      received: 0,
      get lastLines() {
        return lines.latest
      },
      closed: undefined,
      released: undefined,
    }
  }

  receive(event: RunEvent & { type: 'console-rx' }): void {
    this.record.received += Buffer.byteLength(
      event.text ?? event.base64,
      event.text === undefined ? 'base64' : 'utf8',
    )
    this.#lines.push(event, event.t)
  }
}
