import { z } from 'zod'
import { defineConsole } from '../../src/board/driver.ts'
import type { TransportReader } from '../../src/board/transport.ts'
import type { OtherConsole } from '../../src/environment/environment.ts'

/** A console beside the main one of a fake board: says what a test has it say, and echoes what is typed. */
export class FakeLine {
  #reader: TransportReader | undefined

  says(text: string): void {
    this.#reader?.data(Buffer.from(text))
  }

  /** Somebody pulls the plug. */
  unplug(error: Error): void {
    const reader = this.#reader
    this.#reader = undefined
    reader?.closed(error)
  }

  /** It as an environment has it. */
  as(
    name: string,
    { readsKernelLog = true, failOn = [] }: Partial<Pick<OtherConsole, 'readsKernelLog' | 'failOn'>> = {},
  ): OtherConsole {
    return {
      name,
      choice: { driver: this.#driver, options: {} },
      settings: { charDelayMs: 0, lineDelayMs: 0, reconnectMs: 0, onlyWithPower: false },
      readsKernelLog,
      failOn,
    }
  }

  readonly #driver = defineConsole({
    name: 'fake-line',
    summary: 'A fake console.',
    schema: z.unknown(),
    open: () =>
      Promise.resolve((reader) => {
        this.#reader = reader
        return Promise.resolve({
          description: 'fake line',
          write: (bytes) => {
            this.says(Buffer.from(bytes).toString())
            return Promise.resolve()
          },
          close: () => {
            this.#reader?.closed(undefined)
            this.#reader = undefined
            return Promise.resolve()
          },
        })
      }),
  })
}
