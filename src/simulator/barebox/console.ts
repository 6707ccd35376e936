import { toBytes } from '../binary.ts'
import type { Hardware } from '../hardware.ts'
import { ByteQueue } from '../wire/byte-queue.ts'

export const ctrlC = 3

/**
 * barebox's console. Input is polled: while a command runs, what is typed waits in the FIFO, and
 * looking for Ctrl-C eats it.
 */
export class BareboxConsole {
  readonly #hardware: Hardware
  readonly #input: ByteQueue

  constructor(hardware: Hardware) {
    this.#hardware = hardware
    this.#input = new ByteQueue(hardware.options.fifo)
    hardware.receive((bytes) => {
      this.#input.push(bytes)
    })
  }

  print(text: string): Promise<void> | undefined {
    return this.#hardware.send(text.replaceAll('\n', '\r\n'))
  }

  /** Waits for a byte, for at most `ms` of board time when that is given. */
  async readByte(ms = Infinity): Promise<number | undefined> {
    if (this.#input.length === 0) await this.#wait(ms)
    return this.#input.shift()
  }

  /** Looks for Ctrl-C once: one byte of input is eaten. */
  interrupted(): boolean {
    return this.#input.shift() === ctrlC
  }

  /** Waits like `sleep`: everything typed meanwhile is eaten. @returns whether Ctrl-C ended it */
  async sleep(ms: number): Promise<boolean> {
    const { clock } = this.#hardware.life
    for (const end = clock.now() + ms; ;) {
      const byte = await this.readByte(end - clock.now())
      if (byte === undefined) return false
      if (byte === ctrlC) return true
    }
  }

  /** Types something as if the host had. */
  push(text: string): void {
    this.#input.push(toBytes(text))
  }

  #wait(ms: number): Promise<void> {
    const { life } = this.#hardware
    if (ms <= 0) return life.breathe()
    return life.wait<void>((resolve) => {
      const stopTimer = ms === Infinity ? () => undefined : life.clock.after(ms, finish)
      const stopReading = this.#input.onceReadable(finish)
      function finish() {
        stopTimer()
        stopReading?.()
        resolve()
      }
      return () => {
        stopTimer()
        stopReading()
      }
    })
  }
}
