import { dirname } from 'node:path'
import { execa } from 'execa'
import { isDeadlineExceeded, startDeadline } from '../../core/deadline.ts'
import { formatDuration } from '../../core/duration.ts'
import { HilError } from '../../core/errors.ts'
import { endProcessGroup } from '../../transports/process-group.ts'

export interface Hook {
  /** As the plan calls it. */
  readonly name: string
  /** Nothing is done where there is none. */
  readonly command: string | undefined
  /** The file of the plan. */
  readonly plan: string
  readonly variables: Readonly<Record<string, string>>
}

/** How long a hook may take, in milliseconds. */
const longestMs = 30 * 60_000

/**
 * Runs a command of the person's, by a shell in the directory of the plan; what it prints goes to stderr. It is ended with
 * all that it has started when its time is up.
 *
 * @param signal ends it earlier
 * @throws HilError `nightly.hook` (infrastructure)
 */
export async function runHook(
  { name, command, plan, variables }: Hook,
  signal: AbortSignal,
  limitMs = longestMs,
): Promise<void> {
  if (command === undefined) return
  using t = startDeadline(limitMs, `the hook "${name}"`, { signal })
  const refuse = (how: string) =>
    new HilError('nightly.hook', `the hook "${name}" (${command}) ${how}`, {
      blame: 'infrastructure',
      details: { name, command },
    })
  if (t.signal.aborted) throw refuse('was not begun: the night is over')
  const child = execa('sh', ['-c', command], {
    ...{ cwd: dirname(plan), env: variables, reject: false, detached: true },
    stdio: ['ignore', process.stderr, process.stderr],
  })
  try {
    const { failed, exitCode, signal: killed, shortMessage = '' } = await t.race(child)
    if (!failed) return
    throw refuse(`failed: ${killed ?? (exitCode === undefined ? shortMessage : `exit code ${exitCode}`)}`)
  } catch (error) {
    if (!t.signal.aborted) throw error
    if (child.pid !== undefined) await endProcessGroup(child.pid, child)
    throw refuse(
      isDeadlineExceeded(error) ? `took longer than ${formatDuration(limitMs)}` : 'was ended with the night',
    )
  }
}
