import type { CommandRunner } from '../board/command-runner.ts'
import type { PowerSwitch } from '../board/power-switch.ts'
import type { Deadline } from '../core/deadline.ts'

/** A prompt that is there answers in milliseconds, over the slowest line in a fraction of this. */
const patienceMs = 2000

/**
 * Whether a board is still in the state whose handle this is, the cheap way: a prompt has to run
 * `true`, a state without handle has to be without power. Of a bare console nothing can be said.
 */
export async function answers(handle: unknown, power: PowerSwitch, t: Deadline): Promise<boolean> {
  using budget = t.within(patienceMs, 'looking whether the board still answers')
  try {
    if (handle === undefined) return (await power.state(budget)) === 'off'
    if (!isCommandRunner(handle)) return false
    await handle.run('true', budget)
    return true
  } catch {
    t.throwIfOver()
    return false
  }
}

function isCommandRunner(handle: unknown): handle is CommandRunner {
  return typeof (handle as CommandRunner | null)?.run === 'function'
}
