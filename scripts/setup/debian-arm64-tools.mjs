import { existsSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { publish, unpack } from './unpack.mjs'
import { openDebianArchive } from './debian-archive.mjs'
import { findCommand } from './find-command.mjs'
import { debianArm64Tools } from './places.mjs'
import { withWorkDirectory } from './work-directory.mjs'

/** Programs for a board in tests, and the libraries they need: Debian has no static ones. */
const names = [
  ...['dropbear-bin', 'openssh-sftp-server', 'kexec-tools'],
  ...['libc6', 'libtomcrypt1', 'libtommath1', 'libgmp10', 'zlib1g', 'libcrypt1', 'liblzma5'],
]

/**
 * Fetches an SSH server, an SFTP server and kexec for arm64 into the cache, for tests to put into an initramfs.
 *
 * @returns {Promise<import('./failure.mjs').Missing[]>}
 */
export async function fetchDebianArm64Tools() {
  const { directory } = debianArm64Tools()
  /** @param {string} reason */
  const missing = (reason) => [{ what: ['debian-arm64-tools'], reason, fix: 'npm run setup' }]
  if (existsSync(directory)) return []
  const lacking = ['apt-get', 'apt-cache', 'dpkg-deb'].filter((tool) => findCommand(tool) === undefined)
  if (lacking.length > 0) return missing(`this machine has no ${lacking.join(', no ')}`)
  console.log(`Fetching dropbear, sftp-server and kexec for arm64 (some 4 MB) to ${directory}`)
  try {
    await withWorkDirectory(directory, async (work) => {
      const archive = await openDebianArchive(work, 'dropbear-bin')
      const archives = await archive.download(names)
      const root = await unpack(archives, work)
      await rm(join(root, 'usr', 'share'), { recursive: true, force: true })
      const result = join(work, 'result')
      await rename(root, result)
      await writeFile(
        join(result, 'packages'),
        archives.map((path) => `${basename(path, '.deb')}\n`).join(''),
      )
      await publish(result, directory)
    })
    return []
  } catch (error) {
    return missing(error instanceof Error ? error.message : String(error))
  }
}
