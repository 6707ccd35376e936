import { setImmediate } from 'node:timers/promises'
import type { RunEvent } from '../../core/events.ts'
import { HilError } from '../../core/errors.ts'
import { plainText } from '../../report/rendered-text.ts'
import type { Reporter } from '../../report/reporter.ts'

/** The levels of hil's own log, the quietest first. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

/** hil's own log: what it did and why, for whoever looks for a fault in hil or in a bench. */
export interface Log {
  write(level: LogLevel, message: string, facts?: Readonly<Record<string, unknown>>): void
  /** Resolves when all is on disk. */
  close(): Promise<void>
}

export interface LogOptions {
  /** Everything goes here. */
  readonly file: string
  /** What else goes to the terminal; `undefined` for nothing. */
  readonly level: LogLevel | undefined
  readonly print: (line: string) => void
}

/** `--verbose`, or the level in `HIL_LOG`. @throws HilError `cli.log-level` (environment) */
export function chooseLogLevel(isVerbose: boolean, variable: string | undefined): LogLevel | undefined {
  if (isVerbose) return 'debug'
  if (variable === undefined || variable === '') return undefined
  const level = logLevels.find((name) => name === variable.toLowerCase())
  if (level !== undefined) return level
  throw new HilError('cli.log-level', `HIL_LOG is "${variable}"; it takes ${logLevels.join(', ')}`, {
    blame: 'environment',
  })
}

/** Opens the log. What is written before its library is loaded waits for it. */
export function openLog(options: LogOptions): Log {
  const opening = openLogger(options)
  let ready: Promise<unknown> = opening
  return {
    write(level, message, facts = {}) {
      const timestamp = new Date().toISOString()
      ready = ready.then(async () => {
        // Whoever waits for what is told here comes first, such as a spec for its command.
        await setImmediate()
        ;(await opening).log(level, message, { ...facts, timestamp })
      })
    },
    async close() {
      await ready
      const logger = await opening
      const finished = new Promise((resolve) => logger.once('finish', resolve))
      logger.end()
      await finished
    },
  }
}

async function openLogger({ file, level, print }: LogOptions) {
  const { createLogger, format, transports } = await import('winston')
  const { Writable } = await import('node:stream')
  const line = format.printf(({ level, message, timestamp, ...facts }) => {
    const shown = Object.keys(facts).length === 0 ? '' : ` ${JSON.stringify(facts)}`
    return plainText(`${String(timestamp)} ${level.padEnd(5)} ${String(message)}${shown}`)
  })
  const terminal = new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      print(String(chunk))
      done()
    },
  })
  return createLogger({
    level: 'debug',
    levels: Object.fromEntries(logLevels.map((name, rank) => [name, rank])),
    format: line,
    transports: [
      new transports.File({ filename: file }),
      ...(level === undefined ? [] : [new transports.Stream({ stream: terminal, level })]),
    ],
  })
}

/** Writes a run's events to the log, all but the console's bytes: they have files of their own. */
export function logReporter(log: Log): Reporter {
  return {
    name: 'hil.log',
    event(event) {
      if (unlogged.has(event.type === 'other-console' ? event.event.type : event.type)) return
      const { type, t, ...facts } = event
      log.write(levelOf(event), type, { t: Math.round(t), ...facts })
    },
    end: () => log.close(),
  }
}

const unlogged: ReadonlySet<string> = new Set<RunEvent['type']>(['console-rx', 'console-tx', 'environment'])

function levelOf(event: RunEvent): LogLevel {
  if (event.type === 'note') return event.level === 'warning' ? 'warn' : event.level
  if (event.type === 'state-failed') return 'warn'
  if (event.type === 'test-ended' && event.outcome === 'failed') return 'warn'
  if (event.type === 'run-finished' && event.error !== undefined) return 'error'
  return event.type === 'command' || event.type.startsWith('step') ? 'debug' : 'info'
}
