import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * A directory beside `target`, to make things in that are then renamed to it. It goes when `work` or the
 * process ends; what a killed process left behind, the next one removes.
 *
 * @template T
 * @param {string} target
 * @param {(directory: string) => Promise<T>} work
 */
export async function withWorkDirectory(target, work) {
  const parent = dirname(target)
  const prefix = `.${basename(target)}.`
  mkdirSync(parent, { recursive: true })
  removeAbandoned(parent, prefix)
  const directory = join(parent, `${prefix}${process.pid}`)
  // Retried, because programs that were killed just now may still add a file.
  const remove = () => rmSync(directory, { recursive: true, force: true, maxRetries: 10 })
  process.on('exit', remove)
  try {
    mkdirSync(directory)
    return await work(directory)
  } finally {
    remove()
    process.off('exit', remove)
  }
}

/**
 * @param {string} parent
 * @param {string} prefix
 */
function removeAbandoned(parent, prefix) {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix) || isRunning(Number(name.slice(prefix.length)))) continue
    rmSync(join(parent, name), { recursive: true, force: true })
  }
}

/** @param {number} pid */
function isRunning(pid) {
  if (pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}
