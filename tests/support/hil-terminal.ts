import type { Console } from '../../src/board/console.ts'
import { ConsoleHub } from '../../src/console/console-hub.ts'
import { startDeadline, type Deadline } from '../../src/core/deadline.ts'
import { openProcess } from '../../src/transports/process.ts'
import { hilCommand } from './run-hil.ts'

/** The real `hil` on a terminal of its own, with somebody in front of it. */
export interface HilTerminal extends AsyncDisposable {
  /** To type at, and to wait for what is shown. */
  readonly console: Console
  readonly t: Deadline
  /** All bytes that were shown so far. */
  readonly shown: () => string
  /** Waits for the end; -> the exit code. */
  exitCode(): Promise<number>
}

export interface HilTerminalOptions {
  readonly cwd: string
  readonly environment?: Readonly<Record<string, string>>
  /** @default 50 s */
  readonly budgetMs?: number
}

/** Starts `hil` on a terminal of 100 columns. */
export async function openHilTerminal(
  words: readonly string[],
  { cwd, environment = {}, budgetMs = 50_000 }: HilTerminalOptions,
): Promise<HilTerminal> {
  const t = startDeadline(budgetMs, 'hil on a terminal')
  const chunks: Uint8Array[] = []
  const script = 'trap : INT; stty cols 100 rows 30; "$@"; echo "exit code: $?."'
  const hub = await ConsoleHub.open({
    name: 'hil',
    open: openProcess({
      argv: ['/bin/sh', '-c', script, 'sh', ...hilCommand, ...words],
      directory: cwd,
      environment: { TERM: 'xterm', NO_COLOR: '', HIL_HISTORY: 'off', ...environment },
      terminal: 'cooked',
    }),
    charDelayMs: 0,
    lineDelayMs: 0,
    onReceived: (bytes) => chunks.push(bytes),
    onSent: () => undefined,
    onClosed: () => undefined,
  })
  const console = hub.take('the test')
  return {
    console,
    t,
    shown: () => Buffer.concat(chunks).toString(),
    async exitCode() {
      const { groups } = await console.expect({ end: /exit code: (\d{1,3})\./ }, t)
      return Number(groups[0])
    },
    async [Symbol.asyncDispose]() {
      await hub.close()
      t[Symbol.dispose]()
    },
  }
}
