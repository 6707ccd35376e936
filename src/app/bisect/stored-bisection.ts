import { existsSync, readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { SearchProblem } from '../../bisect/search/evidence.ts'
import { toProblem, type SearchRange } from '../../bisect/search/range.ts'
import type { BisectionRecord } from '../../core/bisection-record.ts'
import { HilError } from '../../core/errors.ts'
import { readJson } from '../durable-json.ts'
import { bisectionFile, rangeFile, readBisection } from './bisection-file.ts'
import type { BisectSettings } from './settings.ts'

/** Which bisection a command is about, as it was typed. */
export interface BisectionArguments {
  /** @default the last one below `reportRoot` */
  readonly directory: string | undefined
  readonly reportRoot: string
}

export interface StoredBisection {
  /** Absolute. */
  readonly directory: string
  readonly record: BisectionRecord
}

/** What the bisection was told, beside its state. */
export const settingsFile = 'settings.json'

/** @throws HilError `bisect.none`, `bisect.state`, `state.read` (environment) */
export async function openStored(
  { directory, reportRoot }: BisectionArguments,
  cwd: string,
): Promise<StoredBisection> {
  const path = directory === undefined ? latest(resolve(cwd, reportRoot), cwd) : resolve(cwd, directory)
  if (!existsSync(join(path, bisectionFile))) {
    throw none(`${relative(cwd, path) || '.'} is no bisection: it has no ${bisectionFile}`)
  }
  return { directory: path, record: await readBisection(path) }
}

/** The commits of its range, as they were before anything was built. */
export async function readRange(directory: string, { change }: BisectionRecord): Promise<SearchProblem> {
  return toProblem((await readJson(join(directory, rangeFile))) as SearchRange, change)
}

/** What it was told, and where: paths are relative to that. */
export async function readSettings(directory: string): Promise<{ settings: BisectSettings; cwd: string }> {
  return (await readJson(join(directory, settingsFile))) as { settings: BisectSettings; cwd: string }
}

/** Names of the directories of bisections below one, the latest first. */
export function bisectionsIn(root: string): readonly string[] {
  const names = existsSync(root) ? readdirSync(root).sort().reverse() : []
  return names.filter((name) => existsSync(join(root, name, bisectionFile)))
}

function latest(root: string, cwd: string): string {
  const [found] = bisectionsIn(root)
  if (found !== undefined) return join(root, found)
  throw none(`there is no bisection in ${relative(cwd, root) || '.'}; "hil bisect" begins one`)
}

function none(message: string): HilError {
  return new HilError('bisect.none', message, { blame: 'environment' })
}
