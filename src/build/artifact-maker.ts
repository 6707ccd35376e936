import { basename } from 'node:path'
import { payloadError } from '../codecs/payload-error.ts'
import type { Artifact, ArtifactKind, Origin } from '../payload/index.ts'
import type { ArtifactStore, Produced, Recipe } from './artifact-store.ts'
import type { InputRecords } from './input-records.ts'

/** Makes the artifacts of one payload, each under a name of its own, and keeps what there is to say of them. */
export class ArtifactMaker {
  readonly #store: ArtifactStore
  readonly #names = new Set<string>()
  readonly #made: string[] = []
  readonly #notes: string[] = []

  constructor(store: ArtifactStore) {
    this.#store = store
  }

  /** Names of artifacts that were made anew. */
  get made(): readonly string[] {
    return this.#made
  }

  get notes(): readonly string[] {
    return this.#notes
  }

  get inputs(): InputRecords {
    return this.#store.inputs
  }

  /** @param sentence what a person should know */
  note(...sentences: readonly string[]): void {
    this.#notes.push(...sentences)
  }

  /** As `ArtifactStore.produce`. Throws `payload.same-name`. */
  async produce<T>(name: string, recipe: Recipe, make: (path: string) => Promise<T>): Promise<Produced<T>> {
    if (this.#names.has(name)) {
      throw payloadError(
        'payload.same-name',
        `two files of the payload would be called ${name}: rename one`,
        { name },
      )
    }
    this.#names.add(name)
    const produced = await this.#store.produce(name, recipe, make)
    if (!produced.isReused) this.#made.push(name)
    return produced
  }

  close(): Promise<void> {
    return this.#store.close(this.#names)
  }
}

export function toArtifact(
  kind: ArtifactKind,
  { path, digest }: Pick<Produced<unknown>, 'path' | 'digest'>,
  origin: Origin,
): Artifact {
  return { kind, name: basename(path), ...digest, origin }
}

/** Bootloaders split paths at `@` and `:`, and at white space. */
export function artifactName(path: string): string {
  return basename(path).replaceAll(/[^\w.+-]/g, '_')
}
