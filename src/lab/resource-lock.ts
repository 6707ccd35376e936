import { HilError } from '../core/errors.ts'
import { asHolder, describeHolder, type Holder } from './lease/holder.ts'
import { takeName, visit, type Visit } from './lease/named-socket.ts'
import { lockName } from './lease/names.ts'

export interface ResourceLock {
  release(): Promise<void>
}

/**
 * Locks a resource of this host, e.g. `serial:/dev/ttyUSB0`, for this process. The kernel frees it with its process.
 *
 * @throws HilError `lock.held` (infrastructure) that names the holder
 */
export async function lockResource(resource: string, holder: Holder): Promise<ResourceLock> {
  const lock = await tryLock(resource, holder)
  if ('release' in lock) return lock
  using visit = lock.visit
  const other = asHolder(visit?.greeting)
  const by = other === undefined ? silentHolder : describeHolder(other)
  throw new HilError(
    'lock.held',
    `${resource} is in use by ${by}; wait until it has ended, or end it with "kill ${other?.pid ?? 'PID'}"`,
    { blame: 'infrastructure', details: { resource, holder: other } },
  )
}

/** What is said of a holder that does not answer, e.g. because it is stopped. */
export const silentHolder = 'another process, which does not say who it is'

const attempts = 5

/** @returns the lock, or a visit at whoever has it: `undefined` when one after the other did */
export async function tryLock(
  resource: string,
  holder: Holder,
): Promise<ResourceLock | { readonly visit: Visit | undefined }> {
  const name = lockName(resource)
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const socket = await takeName(name, { greeting: holder })
    if (socket !== undefined) return { release: () => socket.close() }
    const other = await visit(name)
    // Nobody there any more: the holder ended between our two questions.
    if (other !== undefined) return { visit: other }
  }
  return { visit: undefined }
}
