import type { Tty } from '../../linux/tty.ts'
import type { SignalTarget } from '../signals.ts'

const sequences: Readonly<Record<string, string>> = {
  '\x1b[A': 'up',
  '\x1bOA': 'up',
  '\x1b[B': 'down',
  '\x1bOB': 'down',
  '\x1b[C': 'right',
  '\x1bOC': 'right',
  '\x1b[D': 'left',
  '\x1bOD': 'left',
  '\x1b[H': 'home',
  '\x1bOH': 'home',
  '\x1b[1~': 'home',
  '\x1b[F': 'end',
  '\x1bOF': 'end',
  '\x1b[4~': 'end',
  '\x1b[3~': 'delete',
  '\x01': 'home',
  '\x02': 'left',
  '\x05': 'end',
  '\x06': 'right',
  '\x0e': 'down',
  '\x10': 'up',
}

/** Takes what was typed apart into characters and named keys. Sequences nobody knows are dropped. */
export class KeyReader {
  readonly #tty: Tty
  #typed = ''

  constructor(tty: Tty) {
    this.#tty = tty
  }

  get pending(): boolean {
    return this.#typed !== '' || this.#tty.readable
  }

  async next(signals: SignalTarget): Promise<string> {
    while (this.#typed === '') this.#typed = await this.#tty.read(signals)

    const key = /^\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])/.exec(this.#typed)?.[0] ?? this.#typed[0] ?? ''
    this.#typed = this.#typed.slice(key.length)
    if (key.length > 1) return sequences[key] ?? ''
    return sequences[key] ?? key
  }
}
