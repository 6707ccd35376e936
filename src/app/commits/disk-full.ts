import { HilError, messageOf } from '../../core/errors.ts'

/**
 * What the C library says for ENOSPC and EDQUOT, which all programs repeat, and what Node does, which writes the one in its own
 * way and has no words for the other.
 */
export function saysDiskFull(output: string): boolean {
  return /no space left on device|disk quota exceeded|unknown system error -122\b/i.test(output)
}

/** Where writing fails because there is no room, that is what it says. @param where something is to be written */
export async function orDiskFull<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw saysDiskFull(messageOf(error)) ? diskFull(where) : error
  }
}

/** No commit is to blame when there is no room to write to. @param where something was to be written */
export function diskFull(where: string): HilError {
  return new HilError(
    'commits.disk-full',
    `the disk is full: nothing more can be written to ${where}; make room, then go on (a bisection with "hil bisect resume")`,
    { blame: 'infrastructure', details: { where } },
  )
}
