import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A real server that tests have started for themselves. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number
  /** It answers nothing until it is woken. */
  hang(): void
  wake(): void
}

/**
 * Starts a server, which ends with these tests, however they end.
 * @param isReady tells by a line of its output that it serves
 */
export async function startServer(
  argv: readonly string[],
  isReady: (line: string) => boolean,
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<ServerProcess> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...argv], {
    ...options,
    // A process group of its own: what it starts ends with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const said: string[] = []
  const started = await new Promise<boolean>((resolve) => {
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => {
        said.push(line)
        if (isReady(line)) resolve(true)
      })
    }
    child.on('error', () => resolve(false))
    child.on('close', () => resolve(false))
  })
  if (!started) throw new Error(`${argv.join(' ')} did not start:\n${said.join('\n')}`)
  return {
    pid: child.pid ?? 0,
    hang: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
      await exited
    },
  }
}
