import type { DriverContext } from '../../../board/driver.ts'

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
