import type { Console } from '../../../board/console.ts'
import type { KernelLineSign } from '../../../kernel/take-out-kernel-lines.ts'
import { KernelClock } from './kernel-clock.ts'

/** Prints what `Returns.readClock` reads. */
export const askUptime = 'read -r u_ x_ </proc/uptime;echo "hil=$u_"'

/**
 * The CR that a terminal adds to each LF. Where it can be told not to, what ends in CR LF is the
 * kernel's, and nothing else is; elsewhere the kernel's lines are known by their time.
 */
export class Returns {
  #kept: Disposable | undefined
  /** What `stty -g` said before they were taken out. */
  #terminal: string | undefined
  #clock: KernelClock | undefined

  /**
   * Commands that take them out where that can be done, and print what `settle` reads. `s_` keeps
   * how the terminal was.
   * @param from the file descriptor the terminal is on
   */
  takeOut(from: '0' | '2'): readonly string[] {
    const terminal = from === '0' ? '' : ` <&${from}`
    return [
      `s_='${this.#terminal ?? ''}'`,
      `[ -n "$s_" ]||s_=$(stty -g${terminal} 2>/dev/null)`,
      `[ -z "$s_" ]||stty -onlcr${terminal}`,
      'echo "hil:$s_"',
    ]
  }

  /** What is read from now on keeps them. */
  keep(console: Console): void {
    this.#kept = console.keepReturns()
  }

  /** @param output of these commands. @returns whether they were taken out: there may be no stty */
  settle(output: string): boolean {
    this.#terminal ??= /hil:([\da-f:]{1,800})\r{0,1}\n/.exec(output)?.[1]
    if (this.#terminal === undefined) this.#kept?.[Symbol.dispose]()
    return this.#terminal !== undefined
  }

  /** @param output that came just now */
  readClock(output: string): void {
    this.#clock ??= new KernelClock(Number.parseFloat(/hil=(\d{1,20}\.\d{0,9})/.exec(output)?.[1] ?? ''))
  }

  /** What tells the kernel's lines in what came since `at`, a time of `core/clock.ts`. */
  kernelSign(at: number): KernelLineSign {
    return this.#clock === undefined ? { by: 'line-end' } : this.#clock.signSince(at)
  }

  /** A command that gives the terminal back as it was and ends the shell. @param from where the terminal is */
  exit(from: '1' | '2'): string {
    return this.#terminal === undefined ? 'exit' : `stty ${this.#terminal} <&${from};exit`
  }
}
