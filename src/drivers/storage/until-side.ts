import type { StorageSide } from '../../board/storage.ts'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { FindDisk } from './disk-storage.ts'

/** A mux that was told: does it say so, and is the disk there where we have it? */
export async function untilSide(
  wanted: 'host' | 'board',
  side: () => Promise<StorageSide>,
  find: FindDisk,
  t: Deadline,
): Promise<void> {
  const found = await side()
  if (found !== wanted) throw stuck(wanted, found)
  if (wanted === 'host') await find(t)
}

export function stuck(wanted: StorageSide, found: StorageSide): HilError {
  return new HilError('storage.stuck', `the mux was told "${wanted}" and says "${found}"`, {
    blame: 'infrastructure',
    details: { wanted, found },
  })
}

/** @param mux as messages call it @param said what its tool printed */
export function noSide(mux: string, said: string): HilError {
  return new HilError('storage.answer', `${mux} says what is no side: ${JSON.stringify(said)}`, {
    blame: 'infrastructure',
    details: { mux, said },
  })
}
