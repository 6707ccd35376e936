import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { buildPayload } from '../../../build/build-payload.ts'
import { payloadFileName, readPayloadFile } from '../../../build/payload-file.ts'
import { didYouMean } from '../../../core/did-you-mean.ts'
import { HilError, messageOf } from '../../../core/errors.ts'
import type { BoardSpec } from '../../../environment/environment.ts'
import type { PayloadSettings } from '../../../environment/payload-settings.ts'
import { cacheHome } from '../../cache-home.ts'
import { toTarget } from '../../payload/board-target.ts'
import { toRequest } from '../../payload/payload-request.ts'
import type { Built, CandidateBuilder } from '../../commits/candidate-builder.ts'
import { orDiskFull } from '../../commits/disk-full.ts'
import type { CommitRange } from '../commit-range.ts'
import { compareDebianVersions, compareNames } from './version-order.ts'

/** Something that boots, and is there already. */
export interface ReadyPayload {
  /** Stands for a commit. */
  readonly name: string
  /** Absolute: the directory of a payload, or a Debian kernel package. */
  readonly path: string
}

/**
 * The payloads in a directory, by version (`linux-6.1.0-9` before `linux-6.1.0-10`), or those that a list names, oldest
 * first: a line each, `NAME PATH`.
 *
 * @throws HilError `bisect.payloads` (environment)
 */
export async function listReadyPayloads(path: string): Promise<readonly ReadyPayload[]> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw wrong(`there is no ${path} (--payloads)`)
  const payloads = found.isDirectory() ? await inDirectory(path) : await inList(path)
  if (payloads.length >= 2) return payloads
  const what = found.isDirectory()
    ? `directories with a ${payloadFileName} or Debian kernel packages (linux-image-*.deb)`
    : 'lines "NAME PATH"'
  throw wrong(`${path} has ${payloads.length} of what can be bisected: ${what}; two are needed at least`)
}

async function inDirectory(directory: string): Promise<readonly ReadyPayload[]> {
  const names = (await readdir(directory)).toSorted(compareNames)
  const packages = names.filter((name) => versionOf(name) !== undefined)
  const payloads = names.filter((name) => existsSync(join(directory, name, payloadFileName)))
  if (packages.length > 0 && payloads.length > 0) {
    throw wrong(`${directory} has payloads and Debian packages, which have no order: write a list of both`)
  }
  return [
    ...payloads.map((name) => ({ name, path: join(directory, name) })),
    ...packages
      .toSorted((a, b) => compareDebianVersions(versionOf(a) ?? '', versionOf(b) ?? ''))
      .map((name) => ({ name: name.replace(/\.deb$/, ''), path: join(directory, name) })),
  ]
}

/** `linux-image-<release>_<version>_<architecture>.deb`, where a colon before the version's epoch is written `%3a`. */
function versionOf(name: string): string | undefined {
  return /^linux-image-.{1,200}?_([^_]{1,100})_[^_]{1,40}\.deb$/.exec(name)?.[1]?.replace('%3a', ':')
}

async function inList(file: string): Promise<readonly ReadyPayload[]> {
  const lines = (await readFile(file, 'utf8')).split('\n')
  const payloads: ReadyPayload[] = []
  for (const [index, line] of lines.entries()) {
    const [, name, path] = /^\s*([^\s#]\S*)\s+(\S.*?)\s*$/.exec(line) ?? []
    if (name === undefined || path === undefined) {
      if (/^\s*(?:#.*)?$/.test(line)) continue
      throw wrong(`${file}:${index + 1}: "${line.trim()}" is no line "NAME PATH"`)
    }
    if (payloads.some((each) => each.name === name))
      throw wrong(`${file}:${index + 1}: "${name}" is there twice`)
    payloads.push({ name, path: resolve(dirname(file), path) })
  }
  return payloads
}

/** The payloads between two of them, as a range of commits in a line. @throws HilError `bisect.payloads` (environment) */
export function readyRange(payloads: readonly ReadyPayload[], earlier: string, later: string): CommitRange {
  const names = payloads.map(({ name }) => name)
  const [first, last] = [indexOf(names, earlier), indexOf(names, later)]
  if (first === last) throw wrong(`both ends are ${names[first]}: there is nothing between them`)
  if (first > last) {
    throw wrong(`${names[first]} comes after ${names[last]}: did you swap them, or look for a fix (--fixed)?`)
  }
  const before = (name: string) => names.slice(Math.max(0, names.indexOf(name) - 1), names.indexOf(name))
  return {
    commits: names.slice(first + 1, last + 1).map((id) => ({ id, parents: before(id) })),
    earlierEnds: [names[first] ?? ''],
    excluded: new Set(),
    origins: new Map(),
    trees: new Map(),
    describe: (ids) =>
      Promise.resolve(ids.map((id) => ({ id, shortId: id, subject: '', parents: before(id) }))),
    parentsOf: (id) => Promise.resolve(before(id)),
  }
}

/** By its name, or the part of it that no other has. */
function indexOf(names: readonly string[], wanted: string): number {
  const exact = names.indexOf(wanted)
  if (exact >= 0) return exact
  const found = names.filter((name) => name.includes(wanted))
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return names.indexOf(only)
  const hint = others.length > 0 ? `: it may be ${found.join(' or ')}` : didYouMean(wanted, names)
  throw wrong(`"${wanted}" is none of the payloads${hint}`)
}

export interface ReadyPayloadsOptions {
  readonly payloads: readonly ReadyPayload[]
  readonly boards: readonly BoardSpec[]
  /** What is to be made of a package, beside what is in it. */
  readonly settings: (board: BoardSpec) => PayloadSettings
  readonly bootargs: readonly string[]
}

/** Takes payloads as they are, and makes them of packages. */
export function readyPayloadBuilder({
  payloads,
  boards,
  settings,
  bootargs,
}: ReadyPayloadsOptions): CandidateBuilder {
  const paths = new Map(payloads.map(({ name, path }) => [name, path]))
  const directoryOf = async (name: string, board: BoardSpec) => {
    const path = paths.get(name) ?? ''
    if (!path.endsWith('.deb')) return path
    return fromPackage(path, { ...settings(board), debian: [path] }, board, bootargs)
  }
  return {
    async build(name): Promise<Built> {
      if (!paths.has(name)) return { obstacle: "payloads that are there already can't be taken back" }
      const directories = new Map<string, string>()
      const nonces = new Set<string>()
      try {
        for (const board of boards) {
          const directory = await directoryOf(name, board)
          directories.set(board.name, directory)
          nonces.add((await readPayloadFile(directory)).nonce)
        }
      } catch (error) {
        const isOfPayload =
          error instanceof HilError && error.blame !== 'hil' && error.blame !== 'infrastructure'
        if (isOfPayload) return { obstacle: messageOf(error) }
        throw error
      }
      return {
        identity: [...nonces].join('-'),
        payloadFor: (board) => directories.get(board.name) ?? '',
        ...{ isCached: true, notes: [] },
      }
    },
    isCached: () => true,
    close: () => Promise.resolve(),
  }
}

async function fromPackage(
  path: string,
  settings: PayloadSettings,
  board: BoardSpec,
  bootargs: readonly string[],
): Promise<string> {
  const { name: _, ...target } = toTarget(board)
  const { size, mtimeMs } = await stat(path)
  const key = JSON.stringify([path, size, mtimeMs, settings, target, bootargs])
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 16)
  const directory = join(cacheHome(), 'payloads', `${basename(path, '.deb')}-${hash}`)
  if (existsSync(join(directory, payloadFileName))) return directory
  const temporary = `${directory}.${process.pid}`
  await orDiskFull(dirname(directory), async () => {
    await rm(temporary, { recursive: true, force: true })
    await buildPayload(toRequest(settings, { output: temporary, board, bootargs }))
    await rename(temporary, directory)
  })
  return directory
}

function wrong(message: string): HilError {
  return new HilError('bisect.payloads', message, { blame: 'environment' })
}
