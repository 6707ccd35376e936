import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Registers hooks that give the tests of a suite, and what they start, records of leases of their own. */
export function useLabDirectory(): { readonly path: string } {
  const used = { path: '' }
  const earlier = process.env['HIL_LAB_DIRECTORY']
  before(async () => {
    used.path = await mkdtemp(join(tmpdir(), 'hil-lab-'))
    process.env['HIL_LAB_DIRECTORY'] = used.path
  })
  after(async () => {
    if (earlier === undefined) delete process.env['HIL_LAB_DIRECTORY']
    else process.env['HIL_LAB_DIRECTORY'] = earlier
    await rm(used.path, { recursive: true, force: true })
  })
  return used
}
