import { existsSync } from 'node:fs'
import { mkdtemp, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './run.mjs'

/**
 * @param {readonly string[]} archives
 * @param {string} work
 */
export async function unpack(archives, work) {
  const root = await mkdtemp(join(work, 'root-'))
  for (const archive of archives) {
    const { code, output } = await run('dpkg-deb', ['-x', archive, root])
    if (code !== 0) throw new Error(`dpkg-deb could not unpack ${archive}: ${output.trim()}`)
  }
  return root
}

/**
 * @param {string} result
 * @param {string} directory
 */
export async function publish(result, directory) {
  try {
    await rename(result, directory)
  } catch (error) {
    // Another set-up was quicker; what it fetched is as good as ours.
    if (!existsSync(directory)) throw error
  }
}
