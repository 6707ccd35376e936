import { createHash } from 'node:crypto'
import { mkdir, readdir, realpath, rm, stat, utimes } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { HilError } from '../../../core/errors.ts'
import { thisProcess } from '../../../lab/lease/holder.ts'
import { lockResource, type ResourceLock } from '../../../lab/resource-lock.ts'
import { cacheHome } from '../../cache-home.ts'

/** A directory for work on one repository, which nobody else has at the same time. */
export interface Workplace {
  readonly directory: string
  /** Lets others have it; what is in it stays. */
  release(): Promise<void>
}

/** So much work on one repository at once are enough for any disk. */
const places = 8

/** A place that nobody worked at for so long is removed, in milliseconds. */
const keptMs = 14 * 24 * 3600 * 1000

/**
 * Takes the first free place of a repository: always the same one for who is alone, so that what was built there is found
 * again, and one of their own for each of several at once.
 *
 * @param repository what all its work trees share
 * @throws HilError `lock.held` (infrastructure) when all are taken
 */
export async function claimWorkplace(repository: string): Promise<Workplace> {
  await mkdir(join(cacheHome(), 'bisect'), { recursive: true })
  const base = await realpath(join(cacheHome(), 'bisect'))
  await removeOld(base, Date.now() - keptMs)
  const hash = createHash('sha256').update(repository).digest('hex').slice(0, 16)
  // `~/linux/.git` is told from others by the name of its directory.
  const name = basename(basename(repository) === '.git' ? dirname(repository) : repository)
  let held: unknown
  for (let place = 1; place <= places; place++) {
    const directory = join(base, `${name}-${hash}${place === 1 ? '' : `-${place}`}`)
    const lock = await lockPlace(directory).catch((error: unknown) => {
      if (!(error instanceof HilError)) throw error
      held = error
    })
    if (lock === undefined) continue
    await mkdir(directory, { recursive: true })
    const now = new Date()
    await utimes(directory, now, now)
    return { directory, release: () => lock.release() }
  }
  throw held
}

function lockPlace(directory: string): Promise<ResourceLock> {
  return lockResource(`work tree:${directory}`, thisProcess(['hil', ...process.argv.slice(2)].join(' ')))
}

async function removeOld(base: string, before: number): Promise<void> {
  for (const name of await readdir(base)) {
    const directory = join(base, name)
    const { mtimeMs = Infinity } = (await stat(directory).catch(() => undefined)) ?? {}
    if (mtimeMs >= before) continue
    const lock = await lockPlace(directory).catch(() => undefined)
    if (lock === undefined) continue
    await rm(directory, { recursive: true, force: true })
    await lock.release()
  }
}
