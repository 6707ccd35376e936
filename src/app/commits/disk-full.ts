import { HilError } from '../../core/errors.ts'

/** What the C library says for ENOSPC and EDQUOT, which all programs repeat. */
export function saysDiskFull(output: string): boolean {
  return /No space left on device|Disk quota exceeded/.test(output)
}

/** No commit is to blame when there is no room to write to. @param where something was to be written */
export function diskFull(where: string): HilError {
  return new HilError(
    'commits.disk-full',
    `the disk is full: nothing more can be written to ${where}; make room, then go on (a bisection with "hil bisect resume")`,
    { blame: 'infrastructure', details: { where } },
  )
}
