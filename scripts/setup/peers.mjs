import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openNewestDebian } from './debian-archive.mjs'
import { findCommand } from './find-command.mjs'
import { peersDirectory } from './places.mjs'
import { publish, unpack } from './unpack.mjs'
import { withWorkDirectory } from './work-directory.mjs'

/**
 * Fetches labgrid and pdudaemon as they are in Debian's newest release: their own clients of power switches are held
 * against the stand-ins that ours are tested with. Both are Python that runs as it lies there; nothing is installed.
 *
 * @returns {Promise<import('./failure.mjs').Missing[]>}
 */
export async function fetchPeers() {
  const directory = peersDirectory()
  /** @param {string} reason */
  const missing = (reason) => [{ what: ['power-peers'], reason, fix: 'npm run setup' }]
  if (existsSync(directory)) return []
  const lacking = ['apt-get', 'dpkg-deb'].filter((tool) => findCommand(tool) === undefined)
  if (lacking.length > 0) return missing(`this machine has no ${lacking.join(', no ')}`)
  console.log(`Fetching labgrid and pdudaemon of Debian sid (some 11 MB) to ${directory}`)
  try {
    await withWorkDirectory(directory, async (work) => {
      const archive = await openNewestDebian(work)
      const root = await unpack(await archive.download(['python3-labgrid', 'pdudaemon']), work)
      await publish(join(root, 'usr', 'lib', 'python3', 'dist-packages'), directory)
    })
    return []
  } catch (error) {
    return missing(error instanceof Error ? error.message : String(error))
  }
}
