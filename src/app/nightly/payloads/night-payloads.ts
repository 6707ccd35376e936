import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { buildPayload } from '../../../build/build-payload.ts'
import { readPayloadFile } from '../../../build/payload-file.ts'
import { startDeadline } from '../../../core/deadline.ts'
import type { NightPayload } from '../../../core/night-record.ts'
import type { BoardSpec } from '../../../environment/environment.ts'
import { noPayload, type PayloadSettings } from '../../../environment/payload-settings.ts'
import { fileName } from '../../../report/report-directory.ts'
import { describeCommits } from '../../bisect/git/describe-commits.ts'
import { chooseRecipe } from '../../commits/choose-recipe.ts'
import { CommitBuilder } from '../../commits/commit-builder.ts'
import { openRepository } from '../../commits/git/repository.ts'
import { resolveCommit } from '../../commits/git/revisions.ts'
import { Worktree } from '../../commits/worktree/worktree.ts'
import { mergePayload } from '../../payload/arguments.ts'
import { toTarget } from '../../payload/board-target.ts'
import { cacheDirectory } from '../../payload/cache.ts'
import { toRequest } from '../../payload/payload-request.ts'
import type { BranchSource, PlannedPayload } from '../plan/plan.ts'
import type { JobPayload } from '../worker/messages.ts'

/** A payload for the boards that run it. */
export interface NightBuild {
  readonly facts: Pick<NightPayload, 'commit' | 'identity' | 'isCached' | 'notes'>
  readonly boots: (board: string) => JobPayload
}

/** Why there is none, in a sentence; what was printed is in the log. */
export interface NoBuild {
  readonly facts: Pick<NightPayload, 'commit'>
  readonly obstacle: string
}

/** Makes the payloads of a night, each once, one after the other. */
export class NightPayloads {
  readonly #directory: string
  readonly #cwd: string
  /** By what all work trees of a repository share: a second one would build all anew. */
  readonly #worktrees = new Map<string, Worktree>()

  /** @param directory of the night */
  constructor(directory: string, cwd: string) {
    this.#directory = directory
    this.#cwd = cwd
  }

  /**
   * @param pinned the commit that an earlier part of the night has built
   * @throws HilError for what is not the payload's fault
   */
  async build(
    payload: PlannedPayload,
    boards: readonly BoardSpec[],
    pinned: string | undefined,
    signal: AbortSignal,
  ): Promise<NightBuild | NoBuild> {
    const { source } = payload
    if (source !== undefined) return this.#buildBranch(payload, source, boards, pinned, signal)
    if (isNothing(payload.settings)) {
      return { facts: {}, boots: () => ({ kind: 'environment', bootargs: payload.bootargs }) }
    }
    const directories = new Map<string, string>()
    const nonces = new Set<string>()
    const notes = new Set<string>()
    const byTarget = new Map<string, string>()
    for (const board of boards) {
      const settings = mergePayload(board.boot.payload, payload.settings) ?? noPayload
      const { name: _, ...target } = toTarget(board)
      const key = JSON.stringify([settings, target])
      let directory = byTarget.get(key)
      if (directory === undefined) {
        directory = await this.#pack(payload, settings, board, notes)
        byTarget.set(key, directory)
        nonces.add((await readPayloadFile(directory)).nonce)
      }
      directories.set(board.name, directory)
    }
    return {
      facts: { identity: [...nonces].join('-'), ...(notes.size > 0 && { notes: [...notes] }) },
      boots: (board) => ({ kind: 'directory', directory: directories.get(board) ?? '' }),
    }
  }

  /** Where what a build prints goes. */
  logOf({ name }: PlannedPayload): string {
    return join(this.#directory, 'builds', `${fileName(name)}.log`)
  }

  async close(): Promise<void> {
    for (const worktree of this.#worktrees.values()) await worktree.close()
  }

  async #pack(
    { bootargs }: PlannedPayload,
    settings: PayloadSettings,
    board: BoardSpec,
    notes: Set<string>,
  ): Promise<string> {
    if (settings.directory !== undefined) return settings.directory
    const { name: _, ...target } = toTarget(board)
    const { make: _make, ...key } = settings
    const output = await cacheDirectory('nightly', [key, bootargs, target])
    const built = await buildPayload(toRequest(settings, { output, board, bootargs }))
    for (const note of built.notes) notes.add(note)
    return output
  }

  async #buildBranch(
    payload: PlannedPayload,
    source: BranchSource,
    boards: readonly BoardSpec[],
    pinned: string | undefined,
    signal: AbortSignal,
  ): Promise<NightBuild | NoBuild> {
    using t = startDeadline(Number.POSITIVE_INFINITY, `building ${payload.name}`, { signal })
    const repository = await openRepository(source.repository, t)
    const id = pinned ?? (await resolveCommit(repository, source.branch))
    const tree = await repository.git.run(['rev-parse', `${id}^{tree}`])
    const [described] = await describeCommits(repository, [id])
    const { shortId = id.slice(0, 12), subject = '' } = described ?? {}
    const commit = { id, shortId, subject }
    let worktree = this.#worktrees.get(repository.commonDirectory)
    worktree ??= await Worktree.open(repository, id)
    this.#worktrees.set(repository.commonDirectory, worktree)
    const { settings, bootargs } = payload
    const { recipe } = await chooseRecipe(
      {
        ...{ given: settings, bootargs, build: source.build, config: source.config, keptConfig: undefined },
        ...{ tree: settings, boards },
      },
      repository,
      this.#cwd,
    )
    const log = this.logOf(payload)
    await mkdir(dirname(log), { recursive: true })
    const built = await new CommitBuilder(worktree, new Map([[id, tree]]), recipe, boards).build(id, log, t)
    if ('obstacle' in built) return { facts: { commit }, obstacle: built.obstacle }
    const { identity, isCached, notes, payloadFor } = built
    const byName = new Map(boards.map((board) => [board.name, board]))
    return {
      facts: { commit, identity, isCached, ...(notes.length > 0 && { notes }) },
      boots: (name) => {
        const board = byName.get(name)
        if (board === undefined) throw new RangeError(`nothing was built for ${name}`)
        return { kind: 'directory', directory: payloadFor(board) }
      },
    }
  }
}

/** What boots, with what is run on it: where both are as they were, so is the result. */
export async function identityWith(
  identity: string | undefined,
  specs: readonly string[],
): Promise<string | undefined> {
  if (identity === undefined) return undefined
  const hash = createHash('sha256').update(identity)
  for (const spec of [...new Set(specs)].sort()) hash.update(`\0${spec}\0`).update(await readFile(spec))
  return hash.digest('hex').slice(0, 32)
}

/** Of a log, where it is there to be read. */
export function logPath(directory: string, log: string): string {
  return relative(directory, log)
}

function isNothing(settings: PayloadSettings): boolean {
  return mergePayload(undefined, settings) === undefined
}
