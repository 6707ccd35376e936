import type { BootPlan } from '../../../board/boot-plan.ts'
import type { CommandRunner } from '../../../board/command-runner.ts'
import type { DriverContext } from '../../../board/driver.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { said } from '../run-ok.ts'

/** A slot as a boot of its own. */
export interface BootTarget {
  /** The boot source that the slot stands for. */
  readonly boot: string
  /** What bootchooser tells userspace. */
  readonly bootargs: readonly string[]
}

/**
 * What bootchooser would boot next. A payload overrides the boot of that slot by its own name: through bootchooser
 * each boot of a test would be counted down in the board's storage, until the slot is given up.
 * @throws HilError `boot.no-target` (infrastructure) when every slot is given up already
 */
export async function nextTarget(
  prompt: Pick<CommandRunner, 'run'>,
  observe: BootPlan['observe'],
  t: Deadline,
): Promise<BootTarget> {
  const { stdout } = await prompt.run('bootchooser -i', t)
  const first =
    /^Good targets [^\n]{0,80}:\n(?<name>\S{1,80})\n(?: {4}.{0,200}\n)*? {4}boot: '(?<boot>\S{1,200})'$/m
  const { name, boot } = first.exec(stdout)?.groups ?? {}
  if (name === undefined || boot === undefined) {
    throw new HilError(
      'boot.no-target',
      `bootchooser has no target left to boot; "bootchooser -a default" at the barebox prompt gives them their attempts back. It ${said(stdout)}`,
      { blame: 'infrastructure', details: { output: stdout } },
    )
  }
  const message = `bootchooser would boot its target ${name}: ${boot} is booted in its place, and no attempt is counted`
  observe?.({ type: 'note', level: 'info', message })
  return { boot, bootargs: [`bootchooser.active=${name}`] }
}

/**
 * bootchooser counts attempts down in the board's storage, also for boots a test makes, and takes a
 * target out when none is left: people should hear of it before their board boots something else.
 */
export function noteBootchooser(output: string, log: DriverContext['log']): void {
  const exhausted =
    /^(?:.{0,20}No valid targets found:|.{0,20}Target list \$global\.bootchooser\.targets is empty)/m.exec(
      output,
    )
  if (exhausted !== null) {
    log(
      'bootchooser has no target left to boot: its attempts ran out; "bootchooser -a default" at the barebox prompt resets them, and a boot source that names a concrete target does not use them up',
      { said: exhausted[0] },
    )
  }
  for (const [, target, left] of output.matchAll(/name=(\S{1,80}) remaining_attempts (\d{1,6})/g)) {
    if (Number(left) > 1) continue
    log(`bootchooser has ${left === '0' ? 'no attempt' : 'one attempt'} left for its target "${target}"`, {
      target,
      left,
    })
  }
}
