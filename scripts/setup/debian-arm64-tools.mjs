import { existsSync, readFileSync } from 'node:fs'
import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { publish, unpack } from './unpack.mjs'
import { openDebianArchive } from './debian-archive.mjs'
import { findCommand } from './find-command.mjs'
import { debianArm64Tools } from './places.mjs'
import { withWorkDirectory } from './work-directory.mjs'

/** Programs for a board in tests, and the libraries they need: Debian has no static ones. */
const names = [
  ...['dropbear-bin', 'openssh-sftp-server', 'kexec-tools'],
  ...['libc6', 'libtomcrypt1', 'libtommath1', 'libgmp10', 'zlib1g', 'libcrypt1', 'liblzma5', 'libzstd1'],
  ...['libxencall1', 'libxendevicemodel1', 'libxenevtchn1', 'libxenforeignmemory1', 'libxengnttab1'],
  ...['libxentoolcore1', 'libxentoollog1'],
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
  if (hasAll(directory)) return []
  const lacking = ['apt-get', 'apt-cache', 'dpkg-deb'].filter((tool) => findCommand(tool) === undefined)
  if (lacking.length > 0) return missing(`this machine has no ${lacking.join(', no ')}`)
  console.log(`Fetching dropbear, sftp-server and kexec for arm64 (some 4 MB) to ${directory}`)
  try {
    await withWorkDirectory(directory, async (work) => {
      const archive = await openDebianArchive(work, 'dropbear-bin')
      // kexec is linked with the library of whichever release of Xen the Debian has.
      const xen = (await archive.dependencies('kexec-tools')).filter((name) => name.startsWith('libxenmisc'))
      const archives = await archive.download([...names, ...xen])
      const root = await unpack(archives, work)
      await removeUnused(root)
      const result = join(work, 'result')
      await rename(root, result)
      await writeFile(
        join(result, 'packages'),
        archives.map((path) => `${basename(path, '.deb')}\n`).join(''),
      )
      // What an older set-up has left, with less in it.
      await rm(directory, { recursive: true, force: true })
      await publish(result, directory)
    })
    return []
  } catch (error) {
    return missing(error instanceof Error ? error.message : String(error))
  }
}

/**
 * What none of the programs needs, for all of it goes into memory.
 *
 * @param {string} root
 */
async function removeUnused(root) {
  const libraries = join(root, 'usr', 'lib')
  const isUnused = /^lib(?:xl|xenlight|xenguest|xenstat|xenvchan)|^(?:gconv|audit)$/
  const unused = (await readdir(join(libraries, 'aarch64-linux-gnu'))).filter((name) => isUnused.test(name))
  const paths = [
    join(root, 'usr', 'share'),
    ...(await readdir(libraries))
      .filter((name) => name.startsWith('xen-'))
      .map((name) => join(libraries, name)),
    ...unused.map((name) => join(libraries, 'aarch64-linux-gnu', name)),
  ]
  await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true })))
}

/** @param {string} directory */
function hasAll(directory) {
  const list = join(directory, 'packages')
  if (!existsSync(list)) return false
  const fetched = readFileSync(list, 'utf8').split('\n')
  return names.every((name) => fetched.some((line) => line.startsWith(`${name}_`)))
}
