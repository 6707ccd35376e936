import type { RunEvent } from '../../core/events.ts'
import type { Reporter } from '../reporter.ts'

/** A console has no size that anybody knows; long lines of kernels fit into this one. */
const size = { width: 132, height: 40 }

/** Where the recording of a board goes. */
export type OpenRecording = (board: string) => (text: string) => void

/**
 * What boards said, as asciicast v2 (https://docs.asciinema.org/manual/asciicast/v2/), for asciinema and
 * its players: one recording for each board, with markers where it reached a state, where tests began
 * and what the kernel complained about.
 */
export function asciicastReporter(open: OpenRecording): Reporter {
  const recordings = new Map<string, Recording>()
  let startedAt: string | undefined
  const recordingOf = (board: string) => {
    const recording = recordings.get(board) ?? new Recording(board, startedAt, open(board))
    recordings.set(board, recording)
    return recording
  }
  return {
    name: 'asciicast',
    event(event) {
      if (event.type === 'run-started') {
        startedAt = event.startedAt
        event.boards.forEach(recordingOf)
      } else if (event.type === 'console-rx') recordingOf(event.board).received(event)
      else if (event.type === 'state-entered') recordingOf(event.board).mark(event.t, event.to)
      else if (event.type === 'kernel-finding' && event.level !== 'info')
        recordingOf(event.board).mark(event.t, event.title)
      else if (event.type === 'test-started')
        for (const board of event.boards) recordingOf(board).mark(event.t, event.titles.at(-1) ?? '')
    },
  }
}

class Recording {
  readonly #write: (text: string) => void
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })

  constructor(board: string, startedAt: string | undefined, write: (text: string) => void) {
    this.#write = write
    const timestamp = startedAt === undefined ? undefined : Math.floor(Date.parse(startedAt) / 1000)
    this.#line({ version: 2, ...size, timestamp, title: `console of ${board}` })
  }

  received({ t, text, base64 }: RunEvent & { type: 'console-rx' }): void {
    const decoded =
      text === undefined
        ? this.#decoder.decode(Buffer.from(base64, 'base64'), { stream: true })
        : this.#decoder.decode() + text
    if (decoded !== '') this.#line([seconds(t), 'o', decoded])
  }

  mark(t: number, label: string): void {
    this.#line([seconds(t), 'm', label])
  }

  #line(value: unknown): void {
    this.#write(`${JSON.stringify(value)}\n`)
  }
}

function seconds(ms: number): number {
  return Number((ms / 1000).toFixed(6))
}
