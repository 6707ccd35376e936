import { HilError } from '../../core/errors.ts'
import { thisProcess } from '../../lab/lease/holder.ts'
import { lockResource, type ResourceLock } from '../../lab/resource-lock.ts'

/**
 * Two processes must not work on one bisection.
 * @throws HilError `lock.held` (infrastructure) that names who does
 */
export function lockBisection(directory: string): Promise<ResourceLock> {
  return lockResource(`bisection:${directory}`, thisProcess('hil bisect'))
}

/** Whether somebody works on it now. */
export async function isBeingRun(directory: string): Promise<boolean> {
  try {
    const lock = await lockBisection(directory)
    await lock.release()
    return false
  } catch (error) {
    if (error instanceof HilError && error.code === 'lock.held') return true
    throw error
  }
}
