import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Deadline } from '../../core/deadline.ts'
import { endProcessGroup } from '../../transports/process-group.ts'
import { readBuildFailure, throwIfLacking } from './build-failure.ts'

export interface LoggedRun {
  readonly cwd: string
  /** Beside the variables of this process; undefined ones are taken away. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** All that is printed is appended to it. */
  readonly log: string
}

/** A program that ended with another status than 0. */
export interface LoggedFailure {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined
  /** `status 2`, or `SIGKILL`. */
  readonly status: string
  /** The first line that says what is wrong, else the last one. */
  readonly line: string
}

/**
 * Runs a build, with all its output in a log. It has a process group of its own, of which nothing is left when it has
 * ended, when time is up, or when this process ends, however that comes about: a compiler that goes on would write into
 * the next build.
 *
 * @returns undefined when it succeeded
 * @throws HilError `commits.disk-full`, `commits.build-memory` (infrastructure), `commits.build-tool` (environment), and the
 *   reason of `t`
 */
export async function runLogged(
  argv: readonly [string, ...string[]],
  { cwd, env, log }: LoggedRun,
  t: Deadline,
): Promise<LoggedFailure | undefined> {
  t.throwIfOver()
  await using file = await open(log, 'a')
  await file.write(`$ ${argv.join(' ')}\n`)
  const { size: start } = await file.stat()
  const child = spawn('/bin/sh', ['-c', watched, 'sh', ...argv], {
    ...{ cwd, env: { ...process.env, ...env }, detached: true },
    stdio: ['ignore', file.fd, file.fd, 'pipe'],
  })
  const exit = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>
  try {
    const [code, signal] = await t.race(exit)
    if (code === 0) return undefined
    const failure = await readBuildFailure(linesOf(log, start))
    throwIfLacking(failure, { where: cwd, log })
    const { error = 'it printed nothing' } = failure
    return { exitCode: code ?? undefined, status: signal ?? `status ${code}`, line: error }
  } catch (error) {
    if (child.pid !== undefined && child.exitCode === null) await endProcessGroup(child.pid, exit)
    throw error
  } finally {
    child.stdio[3]?.destroy()
  }
}

/** The line that only we hold is cut when we end, or say so: then all of the group is killed. */
const watched = '{ cat >/dev/null; kill -KILL 0; } <&3 & exec 3<&-; exec "$@"'

function linesOf(log: string, start: number): AsyncIterable<string> {
  return createInterface({ input: createReadStream(log, { start }), crlfDelay: Infinity })
}
