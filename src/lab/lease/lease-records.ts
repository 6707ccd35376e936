import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'
import { asHealth, unharmed, worstOf, type BoardHealth } from './board-health.ts'
import { asHolder, type Holder } from './holder.ts'
import { nameOfResource } from './names.ts'

/** What is kept of a resource on disk. Only who has its kernel lock writes it. */
export interface LeaseRecord {
  readonly resource: string
  /** Grows with every lease, so that a switch can refuse whoever still acts on an older one. */
  readonly fence: number
  /** Who leases it, or did so last and ended without giving it back. */
  readonly holder: Holder | undefined
  /** How the bench of the board did that is known by it; absent: nobody has used it yet. */
  readonly health?: BoardHealth | undefined
}

/**
 * Where records are: `$HIL_LAB_DIRECTORY`, else `/run/lock/hil`. The kernel locks don't depend on it; it tells who leased
 * a board and died, and the next fence.
 *
 * @throws HilError `lab.directory` (infrastructure)
 */
export async function recordDirectory(): Promise<string> {
  const chosen = process.env['HIL_LAB_DIRECTORY']
  if (chosen) return makeDirectory(chosen)
  try {
    await stat('/run/lock')
  } catch {
    return makeDirectory(join(tmpdir(), 'hil-lab'))
  }
  return makeDirectory('/run/lock/hil')
}

async function makeDirectory(directory: string): Promise<string> {
  try {
    // Everyone's, and not sticky: a record that one person's run left behind is replaced by the next one's.
    const made = await mkdir(directory, { recursive: true })
    if (made !== undefined) await chmod(directory, 0o777)
    return directory
  } catch (cause) {
    throw new HilError(
      'lab.directory',
      `leases can't be written down in ${directory}: ${reasonOf(cause, directory)}; make it writable for everyone who uses boards, or name another one in HIL_LAB_DIRECTORY`,
      { blame: 'infrastructure', details: { directory }, cause },
    )
  }
}

/** @returns `undefined` for a resource that was never leased */
export async function readRecord(directory: string, resource: string): Promise<LeaseRecord | undefined> {
  try {
    const { fence, holder, health } = JSON.parse(
      await readFile(fileOf(directory, resource), 'utf8'),
    ) as Partial<LeaseRecord>
    return {
      resource,
      fence: Number.isSafeInteger(fence) ? Number(fence) : 0,
      holder: asHolder(holder),
      health: asHealth(health),
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw error
  }
}

/** How the bench of a board did, by what the board is known by. */
export async function readHealth(directory: string, knownBy: readonly string[]): Promise<BoardHealth> {
  const records = await Promise.all(knownBy.map((resource) => readRecord(directory, resource)))
  return worstOf(records.map((record) => record?.health ?? unharmed))
}

/** Replaces a record in one step: a process that is killed leaves the old one or the new one. */
export async function writeRecord(directory: string, record: LeaseRecord): Promise<void> {
  const file = fileOf(directory, record.resource)
  const draft = `${file}.${process.pid}.tmp`
  try {
    await writeFile(draft, `${JSON.stringify(record)}\n`, { mode: 0o666 })
    await rename(draft, file)
  } catch (cause) {
    await rm(draft, { force: true })
    throw new HilError(
      'lab.directory',
      `the lease of ${record.resource} can't be written down: ${reasonOf(cause)}; make room in ${directory} and see that everyone who uses boards may write there, or name another directory in HIL_LAB_DIRECTORY`,
      { blame: 'infrastructure', details: { file }, cause },
    )
  }
}

/** All that is known of the resources of this host. */
export async function listRecords(directory: string): Promise<readonly LeaseRecord[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.json'))
  const records = await Promise.all(
    files.map(async (file) => {
      try {
        const { resource } = JSON.parse(await readFile(join(directory, file), 'utf8')) as Partial<LeaseRecord>
        return typeof resource === 'string' ? await readRecord(directory, resource) : undefined
      } catch {
        return undefined
      }
    }),
  )
  return records.filter((record) => record !== undefined)
}

function fileOf(directory: string, resource: string): string {
  return join(directory, `${nameOfResource(resource)}.json`)
}
