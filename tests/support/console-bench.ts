import type { Console } from '../../src/board/console.ts'
import type { OpenTransport } from '../../src/board/transport.ts'
import { ConsoleHub } from '../../src/console/console-hub.ts'
import type { UndoStack } from '../../src/core/undo-stack.ts'
import { FaultyLine } from './faulty-line.ts'

/** A console on a line that can be made faulty, and what went over it. */
export interface ConsoleBench {
  readonly line: FaultyLine
  take(owner?: string): Console
  /** Everything that arrived so far, as Latin-1. */
  received(): string
  /** Bytes both ways so far. */
  traffic(): number
}

export async function openConsoleBench(open: OpenTransport, undo: UndoStack): Promise<ConsoleBench> {
  const line = new FaultyLine()
  let text = ''
  let traffic = 0
  const hub = await ConsoleHub.open({
    name: 'board',
    open: line.wrap(open),
    charDelayMs: 0,
    lineDelayMs: 0,
    onReceived: (bytes) => {
      text += Buffer.from(bytes).toString('latin1')
      traffic += bytes.length
    },
    onSent: (bytes) => {
      traffic += bytes.length
    },
    onClosed: () => undefined,
  })
  undo.defer('the console', () => hub.close())
  return {
    line,
    take: (owner = 'a test') => hub.take(owner),
    received: () => text,
    traffic: () => traffic,
  }
}
