import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openNewestDebian } from './debian-archive.mjs'
import { findCommand } from './find-command.mjs'
import { labgridDirectory } from './places.mjs'
import { run } from './run.mjs'
import { publish, unpack } from './unpack.mjs'
import { withWorkDirectory } from './work-directory.mjs'

/**
 * Fetches labgrid's coordinator, exporter and client as they are in Debian's newest release, with the Python and all
 * libraries they need. Nothing is installed, and no root is needed: the loader of that release runs them as they lie
 * there (`tests/support/labgrid`), on any Linux.
 *
 * @returns {Promise<import('./failure.mjs').Missing[]>}
 */
export async function fetchLabgrid() {
  const directory = labgridDirectory()
  /** @param {string} reason */
  const missing = (reason) => [{ what: ['labgrid'], reason, fix: 'npm run setup' }]
  if (existsSync(directory)) return []
  const lacking = ['apt-get', 'dpkg', 'dpkg-deb'].filter((tool) => findCommand(tool) === undefined)
  if (lacking.length > 0) return missing(`this machine has no ${lacking.join(', no ')}`)
  console.log(`Fetching labgrid of Debian sid with its Python (some 60 MB) to ${directory}`)
  try {
    await withWorkDirectory(directory, async (work) => {
      const { stdout } = await run('dpkg', ['--print-architecture'])
      const archive = await openNewestDebian(work, stdout.trim())
      const programs = ['labgrid-coordinator', 'labgrid-exporter', 'labgrid-client']
      const root = await unpack(await archive.downloadWithDependencies(programs), work)
      await publish(join(root, 'usr'), directory)
    })
    return []
  } catch (error) {
    return missing(error instanceof Error ? error.message : String(error))
  }
}
