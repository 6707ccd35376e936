import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { asHolder, type Holder } from './holder.ts'
import { takeName, visit, type NamedSocket } from './named-socket.ts'

/** A run that goes on, as it says itself. */
export interface LiveRun {
  readonly holder: Holder
  /** Absolute path. */
  readonly environmentFile: string
  /** Where its report is written, as it goes on. Absolute path. */
  readonly report: string
  /** Those it has at the moment. */
  readonly boards: readonly string[]
}

/** A run that was found; it is watched until disposed of. */
export interface FoundRun extends LiveRun, Disposable {
  /** Resolves when the run has ended, however it did. */
  readonly gone: Promise<void>
}

/** Lets others on this host find a run. What `run` says may change; it is read each time somebody asks. */
export function announceRun(run: LiveRun): Promise<NamedSocket | undefined> {
  const { holder, ...rest } = run
  const greeting = { toJSON: () => ({ ...holder, ...rest }) }
  return takeName(`hil/run/${randomBytes(16).toString('hex')}`, { greeting })
}

/** All runs of this host that somebody could watch. Each is to be disposed of. */
export async function findRuns(): Promise<readonly FoundRun[]> {
  const listed = await readFile('/proc/net/unix', 'latin1')
  const names = new Set([...listed.matchAll(runName)].map(([, name = '']) => name))
  const runs = await Promise.all(
    [...names].map(async (name) => {
      const at = await visit(name)
      const run = asRun(at?.greeting)
      if (at === undefined || run === undefined) {
        at?.[Symbol.dispose]()
        return undefined
      }
      const dispose = () => {
        at[Symbol.dispose]()
      }
      return { ...run, gone: at.gone, [Symbol.dispose]: dispose }
    }),
  )
  return runs.filter((run) => run !== undefined)
}

const runName = /@(hil\/run\/[0-9a-f]{32})@*$/gm

function asRun(value: unknown): LiveRun | undefined {
  const holder = asHolder(value)
  const { environmentFile, report, boards } = (value ?? {}) as Partial<Record<keyof LiveRun, unknown>>
  if (holder === undefined || typeof environmentFile !== 'string' || typeof report !== 'string')
    return undefined
  return { holder, environmentFile, report, boards: Array.isArray(boards) ? boards.map(String) : [] }
}
