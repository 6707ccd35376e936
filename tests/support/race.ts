import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startDeadline } from '../../src/core/deadline.ts'
import { takeLeases } from '../../src/lab/lease/take-leases.ts'
import { readSwitchings, type Switching } from '../../src/simulator/shared-outlets.ts'
import { runProgram } from './run-program.ts'

export interface RaceOptions {
  readonly processes: number
  readonly boards: number
  /** Of each process. */
  readonly rounds: number
  /** How likely a process is killed each time it has switched a board on. */
  readonly killed: number
}

export interface RaceResult {
  /** Boards on which somebody acted under an older lease than somebody before, or between the on and off of another. */
  readonly violations: readonly string[]
  readonly killed: number
  /** Processes that ended otherwise than by a kill or with success. */
  readonly failed: number
  readonly leases: number
  /** The longest time it took to get a board at the end, when nobody was left, in milliseconds. */
  readonly slowestFreeMs: number
}

/** Many processes race for few boards, and some are killed while they have one. The records are in `$HIL_LAB_DIRECTORY`. */
export async function race({ processes, boards, rounds, killed: chance }: RaceOptions): Promise<RaceResult> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-race-'))
  const ledger = join(directory, 'switched.jsonl')
  const names = Array.from({ length: boards }, () => `race:${randomUUID()}`)
  let [killed, failed] = [0, 0]
  try {
    await Promise.all(
      Array.from({ length: processes }, async () => {
        const child = runProgram('race-for-boards.ts', [ledger, String(rounds), ...names])
        const exited = once(child, 'exit') as Promise<[number | null, string | null]>
        if (child.stdout !== null) {
          for await (const line of createInterface({ input: child.stdout })) {
            if (line === 'on' && Math.random() < chance) child.kill('SIGKILL')
          }
        }
        const [code, signal] = await exited
        if (signal === 'SIGKILL') killed++
        else if (code !== 0) failed++
      }),
    )
    const switchings = await readSwitchings(ledger)
    const leases = new Set(switchings.map(({ outlet, fence }) => `${outlet} ${fence}`)).size
    return {
      violations: violationsIn(switchings),
      killed,
      failed,
      leases,
      slowestFreeMs: await slowestFree(names),
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Two holders would mix their switchings, or act with fences that don't grow. */
export function violationsIn(switchings: readonly Switching[]): readonly string[] {
  const last = new Map<string, Switching>()
  return switchings.flatMap((next) => {
    const before = last.get(next.outlet)
    last.set(next.outlet, next)
    if (before === undefined || next.fence > before.fence)
      return next.action === 'on' ? [] : [tell(next, before)]
    const isEnd =
      next.fence === before.fence &&
      next.pid === before.pid &&
      before.action === 'on' &&
      next.action === 'off'
    return isEnd ? [] : [tell(next, before)]
  })
}

function tell(next: Switching, before: Switching | undefined): string {
  return `${JSON.stringify(next)} after ${JSON.stringify(before)}`
}

async function slowestFree(names: readonly string[]): Promise<number> {
  using t = startDeadline(60_000, 'boards that nobody uses')
  const options = { what: 'after a race', priority: 0, waitMs: 0, onWait: () => undefined }
  let slowest = 0
  for (const board of names) {
    const start = performance.now()
    const [lease] = await takeLeases([{ board, resources: [board] }], options, t)
    slowest = Math.max(slowest, performance.now() - start)
    await lease?.release()
  }
  return slowest
}
