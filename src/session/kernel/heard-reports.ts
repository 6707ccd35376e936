import type { Finding } from '../../kernel/finding.ts'

/**
 * What the kernel of one board complained about on any of its consoles. The same line can come on several: on the
 * UART and by netconsole. Its time on the kernel's clock tells that it is the same.
 */
export class HeardReports {
  readonly #consoleOf = new Map<string, string>()

  /** @param console on which it came now @returns whether it came on another one before */
  isRepeated(console: string, { signature, kernelTime }: Finding): boolean {
    if (kernelTime === undefined) return false
    const key = `${kernelTime} ${signature}`
    const first = this.#consoleOf.get(key)
    if (first === undefined) this.#consoleOf.set(key, console)
    return first !== undefined && first !== console
  }
}
