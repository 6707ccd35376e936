import type { Hardware } from '../hardware.ts'
import { ByteQueue } from '../wire/byte-queue.ts'

const ctrlC = 0x03

/**
 * barebox's console. Input is polled: while a command runs, what is typed waits in the FIFO, and
 * every look for Ctrl-C eats a byte of it.
 */
export class BareboxConsole {
  readonly #hardware: Hardware
  readonly #input: ByteQueue
  #interrupted = false

  constructor(hardware: Hardware) {
    this.#hardware = hardware
    this.#input = new ByteQueue(hardware.options.fifo)
    hardware.receive((bytes) => {
      this.#input.push(bytes)
    })
  }

  /** @returns a promise when the line is busy */
  print(text: string): Promise<void> | undefined {
    return this.#hardware.send(text.replaceAll('\n', '\r\n'))
  }

  /** Waits for a byte, for at most `ms` of board time when that is given. */
  async readByte(ms = Infinity): Promise<number | undefined> {
    if (this.#input.length === 0) await this.#wait(ms)
    return this.#input.shift()
  }

  /** What was typed and not read, taken. */
  takeTyped(): readonly number[] {
    const typed: number[] = []
    for (let byte = this.#input.shift(); byte !== undefined; byte = this.#input.shift()) typed.push(byte)
    return typed
  }

  /** Looks for Ctrl-C once. It stays true, so that all loops end, until `forgetInterrupt`. */
  interrupted(): boolean {
    this.#interrupted ||= this.#input.shift() === ctrlC
    return this.#interrupted
  }

  forgetInterrupt(): void {
    this.#interrupted = false
  }

  /** Waits like `sleep`: everything typed meanwhile is eaten. @returns whether Ctrl-C ended it */
  async sleep(ms: number): Promise<boolean> {
    const { clock } = this.#hardware.life
    for (const end = clock.now() + ms; ;) {
      const byte = await this.readByte(end - clock.now())
      if (byte === ctrlC) this.#interrupted = true
      if (this.#interrupted) return true
      if (byte === undefined) return false
    }
  }

  #wait(ms: number): Promise<void> {
    const { life } = this.#hardware
    if (ms <= 0) return life.breathe()
    return life.wait<void>((resolve) => {
      const stopTimer = ms === Infinity ? () => undefined : life.clock.after(ms, resolve)
      const stopReading = this.#input.onceReadable(() => {
        stopTimer()
        resolve()
      })
      return () => {
        stopTimer()
        stopReading()
      }
    })
  }
}
