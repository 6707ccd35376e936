import type { CommandResult, CommandRunner } from '../../board/command-runner.ts'
import type { Deadline } from '../../core/deadline.ts'
import { HilError, type Blame } from '../../core/errors.ts'
import { quoteCommand } from '../framing/command-errors.ts'

/**
 * Runs a command of ours that has to succeed.
 * @throws HilError with the given code and blame, and what the bootloader said
 */
export async function runOk(
  prompt: Pick<CommandRunner, 'run'>,
  command: string,
  t: Deadline,
  { code = 'bootloader.command-failed', blame = 'board' }: { code?: string; blame?: Blame } = {},
): Promise<CommandResult> {
  const result = await prompt.run(command, t)
  if (result.exitCode === 0) return result
  throw new HilError(
    code,
    `the bootloader's ${quoteCommand(command)} failed with status ${result.exitCode}: ${said(result.stdout)}`,
    { blame, details: { command, exitCode: result.exitCode, output: result.stdout } },
  )
}

/** The end of what was said, in one sentence. */
export function said(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return lines.length === 0 ? 'it said nothing' : `it said "${lines.slice(-4).join(' / ')}"`
}
