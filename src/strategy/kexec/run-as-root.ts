import type { CommandRunner } from '../../board/command-runner.ts'
import type { Deadline } from '../../core/deadline.ts'
import { HilError, type Blame } from '../../core/errors.ts'

/** Runs a command of ours in a shell that has to be able to, and says `what` where it fails. */
export async function runAsRoot(
  shell: Pick<CommandRunner, 'run'>,
  command: string,
  t: Deadline,
  { code, blame, what }: { readonly code: string; readonly blame: Blame; readonly what: string },
): Promise<string> {
  const { exitCode, stdout } = await shell.run(command, t)
  if (exitCode === 0) return stdout
  const said = stdout.trim().split('\n').slice(-3).join(' / ')
  throw new HilError(
    code,
    `${what}; "${command}" ended with status ${exitCode}${said === '' ? '' : ` and "${said}"`}`,
    {
      blame,
      details: { command, exitCode, output: stdout },
    },
  )
}
