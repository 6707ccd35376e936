import { existsSync } from 'node:fs'
import { mkdir, readdir, realpath, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { openDebianArchive } from './debian-archive.mjs'
import { findCommand } from './find-command.mjs'
import { debianArm64, debianArm64Cloud } from './places.mjs'
import { publish, unpack } from './unpack.mjs'
import { withWorkDirectory } from './work-directory.mjs'

/**
 * Fetches Debian's arm64 kernel and static busybox into the cache: no root is needed, and the machine's dpkg
 * does not learn of it. The result appears whole or not at all.
 *
 * @returns {Promise<import('./failure.mjs').Missing[]>}
 */
export function fetchDebianArm64() {
  return fetchParts({
    name: 'debian-arm64',
    directory: debianArm64().directory,
    announce: "Debian's arm64 kernel and busybox (some 70 MB)",
    metapackage: 'linux-image-arm64',
    more: ['busybox-static'],
  })
}

/**
 * Fetches Debian's kernel for machines in a cloud, in the same way: another release with other modules, for
 * tests in which one kernel takes the place of another.
 *
 * @returns {Promise<import('./failure.mjs').Missing[]>}
 */
export function fetchDebianArm64Cloud() {
  return fetchParts({
    name: 'debian-arm64-cloud',
    directory: debianArm64Cloud().directory,
    announce: "Debian's arm64 cloud kernel (some 20 MB)",
    metapackage: 'linux-image-cloud-arm64',
    more: [],
  })
}

/**
 * @typedef {object} Parts
 * @property {string} name in reports
 * @property {string} directory where they are to be
 * @property {string} announce what a person is told is being fetched
 * @property {string} metapackage depends on the newest kernel
 * @property {readonly string[]} more packages
 */

/**
 * @param {Parts} parts
 * @returns {Promise<import('./failure.mjs').Missing[]>}
 */
async function fetchParts({ name, directory, announce, metapackage, more }) {
  /** @param {string} reason */
  const missing = (reason) => [{ what: [name], reason, fix: 'npm run setup' }]
  if (existsSync(directory)) return []
  const lacking = ['apt-get', 'apt-cache', 'dpkg-deb'].filter((tool) => findCommand(tool) === undefined)
  if (lacking.length > 0) return missing(`this machine has no ${lacking.join(', no ')}`)
  console.log(`Fetching ${announce} to ${directory}`)
  try {
    await withWorkDirectory(directory, async (work) => {
      const archive = await openDebianArchive(work, metapackage)
      const archives = await archive.download([...(await archive.kernelPackages()), ...more])
      await arrange(await unpack(archives, work), archives, join(work, 'result'))
      await publish(join(work, 'result'), directory)
    })
    return []
  } catch (error) {
    return missing(error instanceof Error ? error.message : String(error))
  }
}

/**
 * Moves what boards need to names that stay the same from release to release of Debian.
 *
 * @param {string} root of the unpacked packages
 * @param {readonly string[]} archives
 * @param {string} result
 */
async function arrange(root, archives, result) {
  const modules = firstExisting([join(root, 'lib', 'modules'), join(root, 'usr', 'lib', 'modules')])
  const [release] = await readdir(modules)
  if (release === undefined) throw new Error(`Debian's kernel package has nothing in ${modules}`)
  const ofRelease = join(modules, release)

  await mkdir(join(result, 'modules', 'lib', 'modules'), { recursive: true })
  await rename(
    firstExisting([join(root, 'boot', `vmlinuz-${release}`), join(ofRelease, 'vmlinuz')]),
    join(result, 'Image'),
  )
  await rename(
    firstExisting([join(root, 'boot', `config-${release}`), join(ofRelease, 'config')]),
    join(result, 'config'),
  )
  // A link into the modules since Linux 7 in Debian.
  const trees = join(root, 'usr', 'lib', `linux-image-${release}`)
  if (existsSync(trees)) await rename(await realpath(trees), join(result, 'dtbs'))
  await rename(ofRelease, join(result, 'modules', 'lib', 'modules', release))
  const busybox = [join(root, 'bin', 'busybox'), join(root, 'usr', 'bin', 'busybox')].find(existsSync)
  if (busybox !== undefined) await rename(busybox, join(result, 'busybox'))
  await writeFile(join(result, 'release'), `${release}\n`)
  await writeFile(join(result, 'packages'), archives.map((path) => `${basename(path, '.deb')}\n`).join(''))
}

/** @param {readonly string[]} paths */
function firstExisting(paths) {
  const found = paths.find((path) => existsSync(path))
  if (found === undefined) throw new Error(`Debian's packages have neither ${paths.join(' nor ')}`)
  return found
}
