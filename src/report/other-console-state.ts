import type { OtherConsoleEvent } from '../core/events.ts'
import { LastLines } from './last-lines.ts'
import type { OtherConsoleRecord } from './run-record.ts'

/** What the events of a console beside the main one say, put together. */
export class OtherConsoleState {
  readonly record: OtherConsoleRecord
  readonly #lines = new LastLines()
  readonly #findings: OtherConsoleRecord['findings'][number][] = []
  #closed: string | undefined

  constructor(board: string, name: string) {
    const lines = this.#lines
    const [findings, closed] = [this.#findings, () => this.#closed]
    this.record = {
      ...{ board, name, findings },
      get lastLines() {
        return lines.latest
      },
      get closed() {
        return closed()
      },
    }
  }

  add({ t: at, ...event }: OtherConsoleEvent['event'] & { readonly t: number }): void {
    if (event.type === 'console-rx') this.#lines.push(event, at)
    else if (event.type === 'console-closed') this.#closed = event.reason
    else if (event.type === 'kernel-finding') {
      const { type: _, ...finding } = event
      this.#findings.push({ at, ...finding })
    }
  }
}
