import { hostname } from 'node:os'
import { thisPerson } from '../lease/holder.ts'

/**
 * As whom a coordinator knows this person, `HOST/USER`: also as whom it knows them when they use labgrid-client, so
 * that what was acquired by the one can be used and released by the other.
 */
export function coordinatorIdentity(): string {
  const host = process.env['LG_HOSTNAME'] || hostname()
  const user = process.env['LG_USERNAME'] || thisPerson()
  return `${host}/${user}`
}
