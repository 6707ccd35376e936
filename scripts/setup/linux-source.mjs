import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openDebianArchive } from './debian-archive.mjs'
import { findCommand } from './find-command.mjs'
import { linuxSource } from './places.mjs'
import { run } from './run.mjs'
import { publish, unpack } from './unpack.mjs'
import { withWorkDirectory } from './work-directory.mjs'

/**
 * Fetches the sources of Debian's kernel into the cache, for tests that build it. Only who asks for them gets them:
 * unpacked they are more than a gigabyte.
 *
 * @returns {Promise<import('./failure.mjs').Missing[]>}
 */
export async function fetchLinuxSource() {
  const directory = linuxSource()
  /** @param {string} reason */
  const missing = (reason) => [{ what: ['linux-source'], reason, fix: 'npm run test:kernel-tree' }]
  if (existsSync(directory)) return []
  if (process.env['HIL_LINUX_SOURCE'])
    return missing(`HIL_LINUX_SOURCE names ${directory}, which is not there`)
  const lacking = ['apt-get', 'apt-cache', 'dpkg-deb', 'tar', 'xz'].filter(
    (tool) => findCommand(tool) === undefined,
  )
  if (lacking.length > 0) return missing(`this machine has no ${lacking.join(', no ')}`)
  console.log(`Fetching the sources of Debian's kernel (some 140 MB, 1.3 GB unpacked) to ${directory}`)
  try {
    await withWorkDirectory(directory, async (work) => {
      const archive = await openDebianArchive(work, 'linux-source')
      const names = (await archive.dependencies('linux-source')).filter((name) =>
        /^linux-source-\d/.test(name),
      )
      const root = await unpack(await archive.download(names), work)
      const sources = join(root, 'usr', 'src')
      const [tarball] = (await readdir(sources)).filter((name) => /^linux-source-.*\.tar\.\w+$/.test(name))
      if (tarball === undefined) throw new Error(`Debian's linux-source package has no archive in ${sources}`)
      const result = join(work, 'result')
      await mkdir(result)
      const { code, output } = await run('tar', [
        '-xf',
        join(sources, tarball),
        '--strip-components=1',
        '-C',
        result,
      ])
      if (code !== 0) throw new Error(`tar could not unpack ${tarball}: ${output.trim()}`)
      await publish(result, directory)
    })
    return []
  } catch (error) {
    return missing(error instanceof Error ? error.message : String(error))
  }
}
