import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digestFile, type FileDigest } from '../core/digest-file.ts'
import { mapConcurrently } from '../codecs/fit/map-concurrently.ts'
import { unreadable } from './files.ts'

/** What a file was when an artifact was made of it. */
interface InputRecord {
  /** Size, times and inode: while these are the same, so is the content. */
  readonly mark: string
  readonly sha256: string
}

interface ArtifactRecord {
  readonly recipe: string
  readonly inputs: Readonly<Record<string, InputRecord>>
  readonly output: InputRecord
  readonly digest: FileDigest
  readonly result: unknown
}

export interface Produced<T> {
  readonly path: string
  readonly digest: FileDigest
  /** What making it told. */
  readonly result: T
  /** Nothing that it is made of has changed. */
  readonly isReused: boolean
}

export interface Recipe {
  /** Everything but files that the artifact depends on; plain data. */
  readonly settings: unknown
  /** The files it is made of. */
  readonly inputs: readonly string[]
}

const recordFile = 'inputs.json'
/** Changed when the same inputs give other bytes: artifacts of an older hil are then made again. */
const generation = 1

/**
 * Artifacts in a directory, each made again only when something it is made of has changed. Files are
 * compared by size, times and inode first; where those differ, by their SHA-256.
 */
export class ArtifactStore {
  readonly #directory: string
  readonly #records: Map<string, ArtifactRecord>

  private constructor(directory: string, records: Map<string, ArtifactRecord>) {
    this.#directory = directory
    this.#records = records
  }

  static async open(directory: string): Promise<ArtifactStore> {
    await mkdir(directory, { recursive: true })
    const text = await readFile(join(directory, recordFile), 'utf8').catch(() => '{}')
    return new ArtifactStore(directory, new Map(Object.entries(parseRecords(text))))
  }

  /** @param make writes the artifact to the path that it is given; it appears only when it is complete */
  async produce<T>(
    name: string,
    { settings, inputs }: Recipe,
    make: (path: string) => Promise<T>,
  ): Promise<Produced<T>> {
    const path = join(this.#directory, name)
    const recipe = JSON.stringify([generation, settings])
    const known = this.#records.get(name)
    const current = await recordAll(inputs, known?.inputs ?? {})
    if (known?.recipe === recipe && sameContent(known.inputs, current) && (await isUntouched(path, known))) {
      this.#records.set(name, { ...known, inputs: current })
      return { path, digest: known.digest, result: known.result as T, isReused: true }
    }
    // Another hil may be making the same.
    const temporary = `${path}.${randomUUID()}`
    try {
      const result = await make(temporary)
      await rename(temporary, path)
      const digest = await digestFile(path)
      const output = { mark: await markOf(path), sha256: digest.sha256 }
      this.#records.set(name, { recipe, inputs: current, output, digest, result })
      return { path, digest, result, isReused: false }
    } finally {
      await rm(temporary, { force: true })
    }
  }

  /** Writes down what was made of what, and forgets (and deletes) what is not in `names`. */
  async close(names: ReadonlySet<string>): Promise<void> {
    for (const name of [...this.#records.keys()].filter((each) => !names.has(each))) {
      this.#records.delete(name)
      await rm(join(this.#directory, name), { force: true })
    }
    await writeFile(join(this.#directory, recordFile), JSON.stringify(Object.fromEntries(this.#records)))
  }
}

function parseRecords(text: string): Record<string, ArtifactRecord> {
  try {
    return JSON.parse(text) as Record<string, ArtifactRecord>
  } catch {
    // It only saves time: without it everything is made again.
    return {}
  }
}

async function recordAll(
  paths: readonly string[],
  known: ArtifactRecord['inputs'],
): Promise<Record<string, InputRecord>> {
  const records = await mapConcurrently([...new Set(paths)].sort(), 16, async (path) => {
    const mark = await markOf(path)
    const before = known[path]
    const sha256 = before?.mark === mark ? before.sha256 : (await digestFile(path)).sha256
    return [path, { mark, sha256 }] as const
  })
  return Object.fromEntries(records)
}

function sameContent(before: ArtifactRecord['inputs'], now: ArtifactRecord['inputs']): boolean {
  const paths = Object.keys(now)
  return (
    paths.length === Object.keys(before).length &&
    paths.every((path) => before[path]?.sha256 === now[path]?.sha256)
  )
}

async function isUntouched(path: string, { output }: ArtifactRecord): Promise<boolean> {
  return (await markOf(path).catch(() => '')) === output.mark
}

/** The time of the last change of an inode can't be set back: a file that was touched up is noticed. */
async function markOf(path: string): Promise<string> {
  const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  return [size, mtimeNs, ctimeNs, ino].join(':')
}
