import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, watch } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Deadline } from '../../../src/core/deadline.ts'
import type { RunEvent } from '../../../src/core/events.ts'
import { hilCommand } from '../run-hil.ts'
import type { Bench } from '../simulated-bench.ts'

/** A run that tests do something to while it lasts. */
export interface Run {
  readonly child: ChildProcess
  /** All events from the start of the run, or from when somebody asks. */
  until(isIt: (event: RunEvent) => boolean): Promise<void>
  /** Rejects when it ends. */
  failure(): Promise<never>
  readonly ended: Promise<{ readonly exitCode: number | null; readonly events: readonly RunEvent[] }>
}

/** Who runs it, as a coordinator knows them. */
const me = { LG_HOSTNAME: 'desk', LG_USERNAME: 'hil' }

export function startRun(
  { directory }: Bench,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Run {
  const [node, ...args] = hilCommand
  const child = spawn(node, [...args, 'run', ...words, '--reporter', 'json'], {
    cwd: directory,
    env: { ...process.env, HIL_HISTORY: 'off', ...me, ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const events: RunEvent[] = []
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => events.push(JSON.parse(line) as RunEvent))
  const ended = once(child, 'close').then(([exitCode]) => ({ exitCode: exitCode as number | null, events }))
  const failure = async () => {
    const { exitCode } = await ended
    return assert.fail(`the run ended with ${exitCode}: ${errorOf(events)}`)
  }
  return {
    child,
    ended,
    failure,
    async until(isIt) {
      const failed = failure()
      failed.catch(() => undefined)
      while (!events.some(isIt)) await Promise.race([once(lines, 'line'), failed])
    },
  }
}

export function errorOf(events: readonly RunEvent[]): string {
  const last = events.findLast((event) => event.type === 'run-finished')
  return last?.type === 'run-finished' ? (last.error?.message ?? 'no error') : 'the run has not finished'
}

/** Waits until a spec has written a file. */
export async function untilThere(bench: Bench, name: string, t: Deadline): Promise<void> {
  const changes = watch(bench.directory)
  try {
    while (!existsSync(join(bench.directory, name))) await t.race(once(changes, 'change'))
  } finally {
    changes.close()
  }
}
