import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { payloadError } from '../codecs/payload-error.ts'
import { digestFile, type FileDigest } from '../core/digest-file.ts'
import {
  changedInputs,
  markOf,
  recordInputs,
  touchedInputs,
  type InputRecord,
  type InputRecords,
} from './input-records.ts'

interface ArtifactRecord {
  readonly recipe: string
  readonly inputs: InputRecords
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
const generation = 2

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
    const current = await recordInputs(inputs, known?.inputs ?? {})
    if (known?.recipe === recipe && isSame(known.inputs, current) && (await isUntouched(path, known))) {
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

  /** All files that the artifacts are made of, but for artifacts. */
  get inputs(): InputRecords {
    const all = [...this.#records.values()].flatMap(({ inputs }) => Object.entries(inputs))
    return Object.fromEntries(all.filter(([path]) => dirname(path) !== this.#directory))
  }

  /**
   * Writes down what was made of what, and forgets (and deletes) what is not in `names`.
   * @throws HilError `payload.changed-meanwhile` (payload) when a file was written to since it was looked at:
   *   a build is under way, and who knows which half of it was read
   */
  async close(names: ReadonlySet<string>): Promise<void> {
    for (const name of [...this.#records.keys()].filter((each) => !names.has(each))) {
      this.#records.delete(name)
      await rm(join(this.#directory, name), { force: true })
    }
    const touched = new Set([...(await touchedInputs(this.inputs)), ...this.#ambiguousInputs()])
    for (const [name, { inputs }] of [...this.#records]) {
      if (Object.keys(inputs).some((path) => touched.has(path))) this.#records.delete(name)
    }
    await writeFile(join(this.#directory, recordFile), JSON.stringify(Object.fromEntries(this.#records)))
    if (touched.size > 0) throw changedMeanwhile([...touched])
  }

  /** Files that were one thing for one artifact and another for the next. */
  #ambiguousInputs(): readonly string[] {
    const { inputs } = this
    const records = [...this.#records.values()]
    return Object.entries(inputs).flatMap(([path, { sha256 }]) =>
      records.every((record) => (record.inputs[path]?.sha256 ?? sha256) === sha256) ? [] : [path],
    )
  }
}

function changedMeanwhile(paths: readonly string[]) {
  const [first = '', ...others] = paths
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return payloadError(
    'payload.changed-meanwhile',
    `${first}${more} was written to while the payload was made of it: is a build under way? Try again when it is done`,
    { paths },
  )
}

function parseRecords(text: string): Record<string, ArtifactRecord> {
  try {
    return JSON.parse(text) as Record<string, ArtifactRecord>
  } catch {
    // It only saves time: without it everything is made again.
    return {}
  }
}

function isSame(before: InputRecords, now: InputRecords): boolean {
  return changedInputs(before, now).length === 0
}

async function isUntouched(path: string, { output }: ArtifactRecord): Promise<boolean> {
  return (await markOf(path).catch(() => '')) === output.mark
}
