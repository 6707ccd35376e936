import type { Hardware } from '../hardware.ts'

/** What the kernel needs to know to log. */
export interface KernelLogOptions {
  readonly hardware: Hardware
  /** The kernel's command line: `quiet`, `loglevel=` and `ignore_loglevel` decide what is shown. */
  readonly commandLine: string
}

/** Levels of printk; what is below the console's level is logged and not shown. */
export const logLevels = { emergency: 0, error: 3, warning: 4, notice: 5, info: 6 } as const

/** A line of the kernel's log, with its level and, as printed, its time. */
export interface LogLine {
  readonly level: number
  readonly text: string
}

/** The kernel's log: everything is kept for `dmesg`, what is important enough goes to the console. */
export class KernelLog {
  readonly lines: LogLine[] = []
  readonly #hardware: Hardware
  readonly #consoleLevel: number
  /** When the kernel started, in board time. */
  readonly #startedAt: number

  constructor({ hardware, commandLine }: KernelLogOptions) {
    this.#hardware = hardware
    this.#consoleLevel = consoleLevelOf(commandLine)
    this.#startedAt = hardware.life.clock.now()
  }

  /** Milliseconds since the kernel started. */
  uptime(): number {
    return this.#hardware.life.clock.now() - this.#startedAt
  }

  /** Lets the kernel's time be at least so many milliseconds after its start, without waiting. */
  skipTo(ms: number): void {
    this.#hardware.life.clock.skip(Math.max(0, ms - this.uptime()))
  }

  /** @param at milliseconds since the kernel's start @default now */
  log(text: string, level: number = logLevels.info, at = this.uptime()): Promise<void> | undefined {
    const line = `[${(at / 1000).toFixed(6).padStart(12)}] ${text}`
    this.lines.push({ level, text: line })
    return level < this.#consoleLevel ? this.#hardware.send(`${line}\r\n`) : undefined
  }
}

const everything = 8
const quietLevel = 4
const defaultLevel = 7

function consoleLevelOf(commandLine: string): number {
  const words = commandLine.split(/\s+/)
  if (words.includes('ignore_loglevel')) return everything
  let level: number = defaultLevel
  for (const word of words) {
    if (word === 'quiet') level = quietLevel
    if (word === 'debug') level = 10
    const number = /^loglevel=(\d+)$/.exec(word)?.[1]
    if (number !== undefined) level = Number(number)
  }
  return level
}
