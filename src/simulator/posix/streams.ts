import type { SignalTarget } from './signals.ts'

/**
 * What a file descriptor stands for. A file opened for reading has no `write`, and the other way
 * round. `signals` is who reads or writes, so that a signal can break a wait off.
 */
export interface Stream {
  /** What is there, at least one character; '' at the end. */
  read?(signals: SignalTarget): Promise<string>
  /** Up to and with the next line end; without one at the end, '' after that. */
  readLine?(signals: SignalTarget): Promise<string>
  write?(text: string, signals: SignalTarget): Promise<void> | undefined
  /** Called when the one who opened it is done. */
  close?(): void
  readonly terminal?: true
}

/** The file descriptors of a process. */
export type Streams = ReadonlyMap<number, Stream>

/** The other end of a pipe is closed. */
export class BrokenPipe extends Error {}

export const nullStream: Stream = {
  read: () => Promise.resolve(''),
  readLine: () => Promise.resolve(''),
  write: () => undefined,
}

/** Reads a text, as from a file. */
export function textStream(text: string): Stream {
  let at = 0
  const take = (end: number) => {
    const piece = text.slice(at, end)
    at = end
    return Promise.resolve(piece)
  }
  return {
    read: () => take(text.length),
    readLine: () => {
      const end = text.indexOf('\n', at)
      return take(end === -1 ? text.length : end + 1)
    },
  }
}

/** Collects what is written. */
export function captureStream(): Stream & { readonly text: () => string } {
  const pieces: string[] = []
  return {
    write: (text) => {
      pieces.push(text)
      return undefined
    },
    text: () => pieces.join(''),
  }
}

const pipeCapacity = 65_536

/** A pipe. Its ends must be closed by those who use them. */
export class Pipe {
  #buffer = ''
  #ended = false
  #broken = false
  #wakeReader: (() => void) | undefined
  #wakeWriter: (() => void) | undefined

  readonly writeEnd: Stream = {
    write: (text, signals) => this.#write(text, signals),
    close: () => {
      this.#ended = true
      this.#wakeReader?.()
    },
  }

  readonly readEnd: Stream = {
    read: async (signals) => {
      await this.#readable(signals, () => this.#buffer !== '')
      return this.#take(this.#buffer.length)
    },
    readLine: async (signals) => {
      await this.#readable(signals, () => this.#buffer.includes('\n'))
      const end = this.#buffer.indexOf('\n')
      return this.#take(end === -1 ? this.#buffer.length : end + 1)
    },
    close: () => {
      this.#broken = true
      this.#wakeWriter?.()
    },
  }

  #write(text: string, signals: SignalTarget): Promise<void> | undefined {
    if (this.#buffer.length >= pipeCapacity && !this.#broken) return this.#writeLater(text, signals)
    if (this.#broken) throw new BrokenPipe()
    this.#buffer += text
    this.#wakeReader?.()
    return undefined
  }

  async #writeLater(text: string, signals: SignalTarget): Promise<void> {
    await signals.wait<void>((resolve) => {
      this.#wakeWriter = resolve
      return () => {
        this.#wakeWriter = undefined
      }
    })
    await this.#write(text, signals)
  }

  async #readable(signals: SignalTarget, enough: () => boolean): Promise<void> {
    while (!enough() && !this.#ended) {
      await signals.wait<void>((resolve) => {
        this.#wakeReader = resolve
        return () => {
          this.#wakeReader = undefined
        }
      })
    }
  }

  #take(length: number): string {
    const piece = this.#buffer.slice(0, length)
    this.#buffer = this.#buffer.slice(length)
    this.#wakeWriter?.()
    return piece
  }
}
