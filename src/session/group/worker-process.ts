import { fork, type ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

let ahead: ChildProcess | undefined

/**
 * Starts the process of the next worker now: it loads what it needs while we load ours, which takes either of us
 * some hundred milliseconds. It keeps us from nothing, and ends with us.
 */
export function startAhead(): void {
  if (ahead === undefined) {
    ahead = startProcess()
    // One that can't be started is told of by the worker that needs it, which starts another.
    ahead.on('error', () => undefined)
  }
  for (const part of partsOf(ahead)) part.unref()
}

/** @returns the process that was started ahead, or one that is started now */
export function takeWorkerProcess(): ChildProcess {
  const started = ahead
  ahead = undefined
  if (!started?.connected) return startProcess()
  for (const part of partsOf(started)) part.ref()
  return started
}

/** All that keeps us alive as long as the process lives. */
function partsOf(child: ChildProcess) {
  const { channel, stdout, stderr } = child
  return [child, channel, stdout as Socket | null, stderr as Socket | null].filter(
    (part) => part !== null && part !== undefined,
  )
}

function startProcess(): ChildProcess {
  const runsFromSource = import.meta.url.endsWith('.ts')
  const main = fileURLToPath(new URL(`../worker/main.${runsFromSource ? 'ts' : 'js'}`, import.meta.url))
  return fork(main, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: runsFromSource ? ['--conditions=hil-source', `--import=${import.meta.resolve('tsx')}`] : [],
  })
}
