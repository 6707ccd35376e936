import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Runs one of tests/support/programs as hil itself would run: from source, in a process of its own. */
export function runProgram(name: string, args: readonly string[] = []): ChildProcess {
  const file = fileURLToPath(new URL(`programs/${name}`, import.meta.url))
  return spawn(process.execPath, ['--conditions=hil-source', '--import=tsx', file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}
