import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { cli } from './cli.ts'

export interface MeasuredRun {
  readonly ms: number
  /** VmHWM, the most that was in memory, in bytes. */
  readonly peakMemory: number
}

const peakMemory = fileURLToPath(new URL('peak-memory.mjs', import.meta.url))

/** Runs `hil` as it is installed, in a process of its own. */
export async function measureCli(args: readonly string[]): Promise<MeasuredRun> {
  const start = performance.now()
  const { stdio } = await execa(process.execPath, ['--import', peakMemory, cli, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  return { ms: performance.now() - start, peakMemory: Number(stdio[3]) }
}
