import { execa } from 'execa'
import { findProgram } from '../../../core/find-program.ts'
import { HilError } from '../../../core/errors.ts'

/** `git worktree remove` came with it, the newest thing that is used. */
const oldest: readonly [major: number, minor: number] = [2, 17]

/** @throws HilError `git.missing`, `git.too-old` (environment) */
export async function assertGit(): Promise<void> {
  const program = await findProgram('git')
  if (program === undefined) {
    throw new HilError('git.missing', 'git is not in PATH: building commits needs it; install it', {
      blame: 'environment',
    })
  }
  const { stdout } = await execa(program, ['--version'], { reject: false })
  const version = parseGitVersion(stdout)
  if (version !== undefined && isNewEnough(version)) return
  throw new HilError(
    'git.too-old',
    `${program} is too old: it says ${JSON.stringify(stdout.trim())}, and ${oldest.join('.')} or newer is needed`,
    { blame: 'environment', details: { program, version: stdout.trim() } },
  )
}

type Version = readonly [major: number, minor: number]

/** `git version 2.39.5 (Apple Git-154)`, `git version 2.39.2.windows.1`, `git version 2.53.0.rc1` */
export function parseGitVersion(text: string): Version | undefined {
  const [, major, minor] = /^git version (\d+)\.(\d+)/.exec(text) ?? []
  return major === undefined ? undefined : [Number(major), Number(minor)]
}

export function isNewEnough([major, minor]: Version): boolean {
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
}
