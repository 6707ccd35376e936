import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CoordinatorAddress } from '../../environment/schema/coordinator-schema.ts'

/** What a run has at a coordinator, to be given back when it can't do so itself. */
export interface Held {
  readonly place?: string
  readonly token?: string
}

/** The first line that a watchdog reads. */
export interface WatchdogOrders {
  readonly coordinator: CoordinatorAddress
}

/**
 * A process that outlives this one: when this one ends without a word (`kill -9`, out of memory), it releases what
 * was acquired. The coordinator itself never does.
 */
export interface Watchdog {
  /** To be called before something is acquired. */
  watch(held: Held): void
  /** Everything was given back, but for what is left to it. */
  end(): void
  /** It is to give back what it knows of, once the coordinator is there again. */
  takeOver(): void
}

export function startWatchdog(coordinator: CoordinatorAddress): Watchdog {
  const runsFromSource = import.meta.url.endsWith('.ts')
  const main = fileURLToPath(new URL(`./watchdog/main.${runsFromSource ? 'ts' : 'js'}`, import.meta.url))
  const loader = runsFromSource ? ['--conditions=hil-source', `--import=${import.meta.resolve('tsx')}`] : []
  // A session of its own: what ends the group of this process does not end it.
  const child = spawn(process.execPath, [...loader, main], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const { stdin } = child
  for (const emitter of [child, stdin]) emitter.on('error', () => undefined)
  child.unref()
  if ('unref' in stdin) (stdin as unknown as { unref(): void }).unref()
  const tell = (line: unknown) => void stdin.write(`${JSON.stringify(line)}\n`)
  tell({ coordinator } satisfies WatchdogOrders)
  let isLeft = false
  return {
    watch: tell,
    end: () => {
      // Then the end of this process is its start: with it the locks of this host are free.
      if (isLeft) return
      tell('done')
      stdin.end()
    },
    takeOver: () => (isLeft = true),
  }
}
