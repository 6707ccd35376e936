import { createHash } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { appendFile, cp, mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { buildPayload } from '../../build/build-payload.ts'
import { payloadFileName, readPayloadFile } from '../../build/payload-file.ts'
import type { Deadline } from '../../core/deadline.ts'
import { blameOf, HilError, messageOf } from '../../core/errors.ts'
import { isRevert, partsOfRevert } from '../../bisect/search/bisection.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import { toTarget } from '../payload/board-target.ts'
import { toRequest } from '../payload/payload-request.ts'
import type { Built, CandidateBuilder } from './candidate-builder.ts'
import { orDiskFull, saysDiskFull } from './disk-full.ts'
import type { Worktree } from './worktree/worktree.ts'
import type { Made, Recipe } from './recipe.ts'
import { cacheLimit, trimPayloads } from './trim-payloads.ts'

/** Where finished payloads are kept, below the place of the work tree. */
const payloadsDirectory = 'payloads'

/** Of what lies in the cache: another one is not looked at. */
const format = 2

/** Beside what was built: what a person should know of it, when it is found again too. */
const notesFile = 'notes.json'

/** Makes payloads of commits in a work tree of hil's own; what was made once is found again. */
export class CommitBuilder implements CandidateBuilder {
  readonly #worktree: Worktree
  readonly #trees: ReadonlyMap<string, string>
  readonly #recipe: Recipe
  readonly #boards: readonly BoardSpec[]
  /** Of files that no commit brings, as they are: another busybox at the same place makes another payload. */
  readonly #marks: readonly string[]
  readonly #limit = cacheLimit()
  /** Names of payloads that boards may boot until this is closed. */
  readonly #needed = new Set<string>()

  /** @param trees what identifies the content of commits */
  constructor(
    worktree: Worktree,
    trees: ReadonlyMap<string, string>,
    recipe: Recipe,
    boards: readonly BoardSpec[],
  ) {
    this.#worktree = worktree
    this.#trees = trees
    this.#recipe = recipe
    this.#boards = boards
    this.#marks = recipe.files.map(markOf)
  }

  build(commit: string, log: string, t: Deadline): Promise<Built> {
    return orDiskFull(this.#worktree.place, () => this.#build(commit, log, t))
  }

  async #build(commit: string, log: string, t: Deadline): Promise<Built> {
    if (this.isCached(commit)) return this.#built(commit, true)
    const hindrance = await this.#checkout(commit)
    if (hindrance !== undefined) return { obstacle: hindrance }
    const made = await this.#recipe.make(this.#worktree, commit, log, t)
    if ('obstacle' in made) return made
    const notes = 'notes' in made ? (made.notes ?? []) : []
    try {
      for (const board of this.#boards) await this.#keep(made, notes, commit, board)
    } catch (error) {
      if (saysDiskFull(messageOf(error))) throw error
      if (error instanceof HilError && blameOf(error) === 'payload') return { obstacle: messageOf(error) }
      throw error
    }
    await appendFile(log, notes.map((note) => `note: ${note}\n`).join(''))
    const built = await this.#built(commit, false)
    await trimPayloads(join(this.#worktree.place, payloadsDirectory), this.#limit, this.#needed)
    return built
  }

  isCached(commit: string): boolean {
    return this.#boards.every((board) => existsSync(join(this.#directory(commit, board), payloadFileName)))
  }

  close(): Promise<void> {
    return this.#worktree.close()
  }

  /** @returns why that can't be done */
  async #checkout(commit: string): Promise<string | undefined> {
    if (isRevert(commit)) {
      const { culprit, head } = partsOfRevert(commit)
      return this.#worktree.checkoutRevert(culprit, head)
    }
    await this.#worktree.checkout(commit)
    return undefined
  }

  /** A payload appears in its place only when it is complete. */
  async #keep(
    made: Exclude<Made, { obstacle: string }>,
    notes: readonly string[],
    commit: string,
    board: BoardSpec,
  ): Promise<void> {
    const directory = this.#directory(commit, board)
    if (existsSync(directory)) return
    const temporary = `${directory}.new`
    await rm(temporary, { recursive: true, force: true })
    if ('payload' in made) {
      await mkdir(join(this.#worktree.place, payloadsDirectory), { recursive: true })
      await cp(made.payload, temporary, { recursive: true })
    } else {
      const { bootargs } = this.#recipe
      const request = toRequest(made.settings(board), { output: temporary, board, bootargs })
      const packed = await made.packed?.(board)
      await buildPayload({
        ...request,
        ...(packed && { from: packed.from, modulesFrom: request.modulesFrom ?? packed.modules }),
      })
    }
    await writeFile(join(temporary, notesFile), JSON.stringify(notes))
    await rename(temporary, directory)
  }

  async #built(commit: string, isCached: boolean): Promise<Built> {
    const nonces = new Set<string>()
    const notes = new Set<string>()
    for (const board of this.#boards) {
      const directory = this.#directory(commit, board)
      this.#needed.add(basename(directory))
      const now = new Date()
      await utimes(directory, now, now)
      nonces.add((await readPayloadFile(directory)).nonce)
      for (const note of await readNotes(directory)) notes.add(note)
    }
    return {
      identity: [...nonces].join('-'),
      payloadFor: (board) => this.#directory(commit, board),
      ...{ isCached, notes: [...notes] },
    }
  }

  /**
   * Where it was built is a part of it: debug information has paths in it. Equal boards share a payload, and so do
   * commits with the same files.
   */
  #directory(commit: string, board: BoardSpec): string {
    const { name: _, ...target } = toTarget(board)
    const { key: recipe, bootargs } = this.#recipe
    const content = this.#trees.get(commit) ?? commit
    const key = [
      format,
      content,
      this.#worktree.tree,
      recipe,
      bootargs,
      target,
      board.boot.payload,
      this.#marks,
    ]
    const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 24)
    return join(this.#worktree.place, payloadsDirectory, hash)
  }
}

async function readNotes(directory: string): Promise<readonly string[]> {
  return JSON.parse(await readFile(join(directory, notesFile), 'utf8')) as readonly string[]
}

function markOf(file: string): string {
  const facts = statSync(file, { throwIfNoEntry: false })
  return facts === undefined ? '' : [facts.size, facts.mtimeMs, facts.ino].join(':')
}
