import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import type { Machine } from '../../../src/board/machine.ts'
import type { Transport } from '../../../src/board/transport.ts'
import { createSimulatedMachine, type SimulatedMachine } from '../../../src/simulator/machine.ts'
import { simulatorSchema } from '../../../src/simulator/options.ts'
import type { z } from 'zod'

type Options = z.input<typeof simulatorSchema>

/** A simulated board and the plainest possible host: types text, waits for text. */
export class BoardConsole implements Disposable {
  readonly machine: SimulatedMachine
  readonly t: Deadline
  /** Everything that came, one character a byte; only its end where the board was told to forget. */
  all = ''
  /** How many bytes came. */
  bytes = 0
  closedWith: Error | undefined
  closedCalls = 0
  /** How much of it was waited for already. */
  #seen = 0
  #keep = Infinity
  #transport: Transport | undefined
  #arrived: (() => void) | undefined

  private constructor(machine: SimulatedMachine, ms: number) {
    this.machine = machine
    this.t = startDeadline(ms, 'test')
  }

  static async open(options: Options = {}): Promise<BoardConsole> {
    const machine = createSimulatedMachine('board', simulatorSchema.parse(options))
    const console = new BoardConsole(machine, 15_000)
    await console.connect()
    return console
  }

  /** The same on a machine that is no simulated one. */
  static async startedOn(machine: Machine, pattern: RegExp | string): Promise<BoardConsole> {
    const closable = {
      ...machine,
      unsupported: machine.unsupported ?? (() => []),
      close: () => Promise.resolve(),
    }
    const console = new BoardConsole(closable, 120_000)
    await console.connect()
    await console.machine.power.on(console.t)
    await console.until(pattern)
    return console
  }

  async connect(): Promise<void> {
    this.closedWith = undefined
    this.#transport = await this.machine.openConsole({
      data: (bytes) => {
        this.bytes += bytes.length
        this.all += Buffer.from(bytes).toString('latin1')
        if (this.all.length > this.#keep) {
          this.all = this.all.slice(-this.#keep)
          this.#seen = 0
        }
        this.#arrived?.()
      },
      closed: (error) => {
        this.closedWith = error
        this.closedCalls += 1
        this.#arrived?.()
      },
    })
  }

  async powerCycle(): Promise<void> {
    await this.machine.power.off(this.t)
    await this.machine.power.on(this.t)
  }

  /** Waits until nothing has come for a while. */
  async quiet(): Promise<void> {
    for (let before = -1; before !== this.all.length;) {
      before = this.all.length
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  }

  /**
   * Opens the console, switches on, and waits for `pattern`.
   * @param forgetting keeps only so many characters, for a board that says too much
   */
  static async started(
    options: Options,
    pattern: RegExp | string,
    { forgetting = Infinity } = {},
  ): Promise<BoardConsole> {
    const console = await BoardConsole.open(options)
    console.#keep = forgetting
    try {
      await console.machine.power.on(console.t)
      await console.until(pattern)
      return console
    } catch (error) {
      console[Symbol.dispose]()
      throw error
    }
  }

  async type(text: string): Promise<void> {
    await this.#transport?.write(Buffer.from(text, 'latin1'))
  }

  /** Types as soon as the board has begun to talk. */
  async typeWhenUp(text: string): Promise<void> {
    while (this.all === '') await new Promise((resolve) => setImmediate(resolve))
    await this.type(text)
  }

  /** Waits for text that was not waited for before. @returns what came up to its end */
  async until(pattern: RegExp | string, ms = 5000): Promise<string> {
    using t = this.t.within(ms, `waiting for ${String(pattern)}`)
    for (;;) {
      const found = this.#find(pattern)
      if (found !== undefined) return found
      if (this.closedWith !== undefined) throw this.closedWith
      try {
        await t.race(
          new Promise<void>((resolve) => {
            this.#arrived = resolve
          }),
        )
      } catch (error) {
        throw new Error(`${String(pattern)} never came; last came ${JSON.stringify(this.all.slice(-400))}`, {
          cause: error,
        })
      }
    }
  }

  /** What has arrived and was not waited for. */
  get pending(): string {
    return this.all.slice(this.#seen)
  }

  takePending(): string {
    const { pending } = this
    this.#seen = this.all.length
    return pending
  }

  #find(pattern: RegExp | string): string | undefined {
    const pending = this.pending
    const match =
      typeof pattern === 'string'
        ? { index: pending.indexOf(pattern), length: pattern.length }
        : { index: pattern.exec(pending)?.index ?? -1, length: pattern.exec(pending)?.[0].length ?? 0 }
    if (match.index === -1) return undefined
    const end = match.index + match.length
    this.#seen += end
    return pending.slice(0, end)
  }

  [Symbol.dispose](): void {
    void this.machine.close()
    this.t[Symbol.dispose]()
  }
}

export const bareboxPrompt = /\x1b\[1;32mbarebox@\x1b\[1;36m[^\x1b]*\x1b\[0m $/
export const autobootPrompt = /stop autoboot: +3/

/** A board at barebox's prompt. */
export async function atBarebox(options: Options = {}): Promise<BoardConsole> {
  const console = await BoardConsole.started(options, autobootPrompt)
  await console.type('\r')
  await console.until(bareboxPrompt)
  return console
}
