import { existsSync, readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { HilError } from '../../core/errors.ts'
import { nightVersion, type NightRecord } from '../../core/night-record.ts'
import { readJson } from '../durable-json.ts'

/** What a night keeps in its directory. */
export const nightFile = 'night.json'

/** Where the reports of all cells lie, below the directory of the night. */
export const cellsDirectory = 'cells'

/** Where bisections lie, below the directory of the night. */
export const bisectionsDirectory = 'bisections'

/** Which night a command is about, as it was typed. */
export interface NightArguments {
  /** @default the last one below `reportRoot` */
  readonly directory: string | undefined
  readonly reportRoot: string
}

export interface StoredNight {
  /** Absolute. */
  readonly directory: string
  readonly record: NightRecord
}

/** @throws HilError `nightly.none`, `nightly.state`, `state.read` (environment) */
export async function openStoredNight(
  { directory, reportRoot }: NightArguments,
  cwd: string,
): Promise<StoredNight> {
  const path = directory === undefined ? latest(resolve(cwd, reportRoot), cwd) : resolve(cwd, directory)
  if (!existsSync(join(path, nightFile))) {
    throw none(`${relative(cwd, path) || '.'} is no night: it has no ${nightFile}`)
  }
  const record = (await readJson(join(path, nightFile))) as Omit<NightRecord, 'version'> & { version: number }
  if (record.version !== nightVersion) {
    throw new HilError(
      'nightly.state',
      `${join(path, nightFile)} has format ${record.version}; this hil reads ${nightVersion}`,
      { blame: 'environment' },
    )
  }
  return { directory: path, record: { ...record, version: nightVersion } }
}

function latest(root: string, cwd: string): string {
  const names = existsSync(root) ? readdirSync(root).sort().reverse() : []
  const found = names.find((name) => existsSync(join(root, name, nightFile)))
  if (found !== undefined) return join(root, found)
  throw none(`there is no night in ${relative(cwd, root) || '.'}; "hil nightly PLAN" begins one`)
}

function none(message: string): HilError {
  return new HilError('nightly.none', message, { blame: 'environment' })
}
