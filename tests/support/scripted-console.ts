import type { Console } from '../../src/board/console.ts'
import type { TransportReader } from '../../src/board/transport.ts'
import { ConsoleHub } from '../../src/console/console-hub.ts'

export interface ScriptedConsole {
  readonly console: Console
  /** What was written, by write. */
  readonly writes: string[]
  /** The board speaks. */
  readonly say: (text: string) => void
}

export interface Script {
  /** What the board says to what was written. */
  readonly answer: (text: string) => string
  readonly isLossless?: boolean
  readonly charDelayMs?: number
}

/** The console of a board that answers each write by a script. */
export async function openScriptedConsole(script: Script): Promise<ScriptedConsole> {
  const { answer, isLossless = false, charDelayMs = 0 } = script
  const writes: string[] = []
  let reader: TransportReader | undefined
  const say = (text: string) => reader?.data(Buffer.from(text))
  const hub = await ConsoleHub.open({
    name: 'board',
    charDelayMs,
    lineDelayMs: 0,
    open: (toHost) => {
      reader = toHost
      return Promise.resolve({
        description: 'a line in this test',
        isLossless,
        async write(bytes) {
          const text = Buffer.from(bytes).toString()
          writes.push(text)
          await Promise.resolve()
          say(answer(text))
        },
        close: () => Promise.resolve(),
      })
    },
    onReceived: () => undefined,
    onSent: () => undefined,
    onClosed: () => undefined,
  })
  return { console: hub.take('the test'), writes, say }
}
