import { startDeadline } from '../../core/deadline.ts'
import { HilError, messageOf } from '../../core/errors.ts'
import { verdictOf, verdicts } from '../../core/verdicts.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import { leasesOfThisHost, withoutWaiting } from '../../lab/lease/lease-boards.ts'
import { switchBoardOff } from '../../lab/switch-off.ts'
import { redactorFor } from '../../session/run-start.ts'
import { openEnvironment } from '../environment/environments.ts'

/**
 * `hil lab power-off-idle`: switches off what nobody uses or holds; one line a board on stdout.
 * @returns the exit code
 */
export async function powerOffIdleCommand(env: string, cwd = process.cwd()): Promise<number> {
  const environment = await openEnvironment(env, cwd)
  const redactor = redactorFor(environment)
  let hasFailed = false
  for (const spec of environment.boards) {
    const { line, ok } = await switchOffIfIdle(spec)
    process.stdout.write(`${redactor.redact(line)}\n`)
    hasFailed ||= !ok
  }
  return hasFailed ? verdicts[verdictOf('infrastructure')].exit : 0

  async function switchOffIfIdle(spec: BoardSpec): Promise<{ readonly line: string; readonly ok: boolean }> {
    const { name } = spec
    if ('machine' in spec.hardware) return { line: `${name}: emulated, nothing to switch`, ok: true }
    if ('place' in spec.hardware) {
      return {
        line: `${name}: a place at ${spec.hardware.place.coordinator.address}, left to who has it`,
        ok: true,
      }
    }
    if (spec.after === 'on')
      return { line: `${name}: stays on, as its environment says (after: on)`, ok: true }
    const context = { what: 'hil lab power-off-idle', emit: () => undefined, redactor }
    using t = startDeadline(spec.timeouts.release, `leasing ${name}`)
    try {
      const [lease] = await leasesOfThisHost({ ...withoutWaiting, admitsQuarantined: true })(
        [spec],
        context,
        t,
      )
      if (lease === undefined) throw new RangeError(`no lease for ${name}`)
      try {
        const before = await switchBoardOff(spec, { ...context, fence: lease.fence })
        // An abandoned board that is off is one like any other.
        lease.settle()
        return { line: before === 'off' ? `${name}: was off` : `${name}: switched off`, ok: true }
      } finally {
        await lease.release()
      }
    } catch (error) {
      const isUsed = error instanceof HilError && error.code === 'lock.held'
      return {
        line: isUsed ? messageOf(error).replace(/; .*$/s, '; left as it is') : `${name}: ${messageOf(error)}`,
        ok: isUsed,
      }
    }
  }
}
