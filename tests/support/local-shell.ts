import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { CommandRunner } from '../../src/board/command-runner.ts'
import type { Deadline } from '../../src/core/deadline.ts'

/**
 * Commands run by a shell of this machine, one at a time, as a console has them: both outputs in one.
 * @param path where it finds programs, absent: everywhere
 */
export function localShell(argv: readonly string[] = ['sh'], path?: string): Pick<CommandRunner, 'run'> {
  const [shell = 'sh', ...options] = argv
  return {
    async run(command: string, t: Deadline) {
      const env = { ...process.env, ...(path === undefined ? {} : { PATH: path }) }
      const child = spawn(shell, [...options, '-c', `exec 2>&1;${command}`], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      try {
        const ended = once(child, 'exit') as Promise<[code: number]>
        const [stdout, [code]] = await t.race(Promise.all([text(child.stdout), ended]))
        return { command, exitCode: code, stdout, kernelLines: [], durationMs: 0 }
      } finally {
        child.kill('SIGKILL')
      }
    },
  }
}
