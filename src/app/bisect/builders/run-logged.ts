import { appendFile, readFile, stat } from 'node:fs/promises'
import { execa } from 'execa'
import type { Deadline } from '../../../core/deadline.ts'
import { diskFull, saysDiskFull } from '../disk-full.ts'

export interface LoggedRun {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** All that is printed is appended to it. */
  readonly log: string
}

/** A program that ended with another status than 0. */
export interface LoggedFailure {
  readonly status: string
  /** The first line that says what is wrong, else the last one. */
  readonly line: string
}

/** How long a program may take to end once it was told to. */
const graceMs = 5000

/**
 * Runs a program, with all its output in a log.
 * @returns undefined when it succeeded
 * @throws HilError `bisect.disk-full` (infrastructure), and the reason of `t`
 */
export async function runLogged(
  [program, ...args]: readonly [string, ...string[]],
  { cwd, env, log }: LoggedRun,
  t: Deadline,
): Promise<LoggedFailure | undefined> {
  await appendFile(log, `$ ${[program, ...args].join(' ')}\n`)
  const { size } = await stat(log)
  const output = { file: log, append: true }
  const result = await execa(program, args, {
    ...{ cwd, env, stdin: 'ignore', stdout: output, stderr: output, reject: false },
    ...{ cancelSignal: t.signal, forceKillAfterDelay: graceMs },
  })
  t.throwIfOver()
  if (!result.failed) return undefined
  const printed = (await readFile(log)).subarray(size).toString('utf8')
  if (saysDiskFull(printed)) throw diskFull(cwd)
  const status = result.exitCode === undefined ? (result.signal ?? 'no status') : `status ${result.exitCode}`
  return { status, line: tellingLine(printed) }
}

/** What compilers, linkers and make say of what is wrong. */
const complaint = /(?:^|[:\s])(?:fatal )?error: |undefined reference|\*\*\* .*(?:Stop|Error)|No rule to make/i

function tellingLine(printed: string): string {
  const lines = printed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return lines.find((line) => complaint.test(line)) ?? lines.at(-1) ?? 'it printed nothing'
}
