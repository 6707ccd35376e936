import { execa } from 'execa'
import { dirname } from 'node:path'
import { HilError } from '../../core/errors.ts'

/** How long a hook may take, in milliseconds. */
const hookMs = 30 * 60_000

/**
 * Runs a command of the person's, by a shell in the directory of the plan; what it prints goes to stderr.
 * @throws HilError `nightly.hook` (infrastructure)
 */
export async function runHook(
  name: string,
  command: string | undefined,
  plan: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  if (command === undefined) return
  const { failed, shortMessage = '' } = await execa('sh', ['-c', command], {
    ...{ cwd: dirname(plan), env: variables, timeout: hookMs, reject: false },
    stdio: ['ignore', process.stderr, process.stderr],
  })
  if (!failed) return
  throw new HilError('nightly.hook', `the hook "${name}" failed: ${shortMessage}`, {
    blame: 'infrastructure',
    details: { name, command },
  })
}
