import { join, resolve } from 'node:path'
import type { BisectionCheck, BisectionRecord, BisectionSource } from '../../core/bisection-record.ts'
import { startDeadline } from '../../core/deadline.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import { noPayload } from '../../environment/payload-settings.ts'
import { mergePayload, settingsOf } from '../payload/arguments.ts'
import { chooseRecipe, kbuildName } from '../commits/choose-recipe.ts'
import { CommitBuilder } from '../commits/commit-builder.ts'
import { listReadyPayloads, readyPayloadBuilder, readyRange } from './builders/ready-payloads.ts'
import type { CandidateBuilder } from '../commits/candidate-builder.ts'
import type { CommitRange } from './commit-range.ts'
import { doubtsAbout, type CulpritTarget } from './culprit/doubts.ts'
import { readNamedCommit } from './culprit/read-commit.ts'
import { aboutRepository } from './git/about-repository.ts'
import { readRange } from './git/commit-range.ts'
import { resolveEnds } from './git/ends.ts'
import { openRepository } from '../commits/git/repository.ts'
import { resolveSkipped } from './git/skipped-commits.ts'
import { describeUncommitted } from './git/uncommitted-changes.ts'
import { kernelTreeOf } from './kernel-tree-of.ts'
import { termsOf, type BisectSettings } from './settings.ts'
import { Worktree } from '../commits/worktree/worktree.ts'

/** Where commits come from, and how they become payloads. */
export interface OpenedSource {
  readonly source: BisectionSource
  readonly range: CommitRange
  readonly builder: CandidateBuilder
  readonly surroundings: Surroundings
  /** What a person should know, in sentences. */
  readonly notes: readonly string[]
  /** What speaks against a commit that is about to be named, in the form of checks that it does not pass. */
  readonly doubtsAbout: (commit: string) => Promise<readonly BisectionCheck[]>
  /** What has to be kept for when it goes on, in files of the bisection's directory: their texts by their names. */
  readonly kept: Readonly<Record<string, string>>
}

/** Where the configuration of all commits is kept, in the directory of the bisection. */
const configFile = 'config'

/** What reports name: tools, what all kernels have in common, who looks for it. */
export interface Surroundings extends Pick<BisectionRecord, 'kernel' | 'reporter'> {
  readonly versions: Readonly<Record<string, string>>
}

/** How long git may take to tell all about the range. */
const askingMs = 10 * 60_000

/**
 * @param directory of a bisection that goes on, where `kept` lies
 * @throws HilError for ends, sources and options that are wrong (environment)
 */
export async function openSource(
  settings: BisectSettings,
  boards: readonly BoardSpec[],
  cwd: string,
  directory?: string,
): Promise<OpenedSource> {
  if (settings.payloads !== undefined) return openPayloads(settings, settings.payloads, boards, cwd)
  using t = startDeadline(askingMs, 'reading the history')
  const given = settingsOf(settings.payload, cwd)
  const source = settings.build === undefined ? kernelTreeOf(given, boards) : given
  const place = settings.repository ?? source.kernelTree ?? '.'
  const repository = await openRepository(resolve(cwd, place), t)
  const { recipe, config, kernel } = await chooseRecipe(
    {
      ...{ given, tree: source, bootargs: settings.payload.bootargs ?? [], build: settings.build },
      config: optional(settings.config, cwd),
      keptConfig: directory && join(directory, configFile),
      boards,
    },
    repository,
    cwd,
  )
  const { isFix, good, bad, firstParent, paths } = settings
  const [earlier, later] = isFix ? [[bad], good[0] ?? ''] : [good, bad]
  const change = isFix ? 'fix' : 'regression'
  const ends = await resolveEnds(repository, { change, terms: termsOf(settings), earlier, later })
  const range = await readRange(repository, ends, { firstParent, paths, origins: isFix })
  const skipped = [...(await resolveSkipped(repository, settings.skip))]
  const uncommitted = await describeUncommitted(repository)
  const about = await aboutRepository(repository, later)
  const worktree = await Worktree.open(repository, ends.later)
  const kind = settings.build === undefined ? 'kernel-tree' : 'command'
  return {
    source: {
      ...{ kind, repository: repository.directory, firstParent, paths, skipped },
      ...(settings.build !== undefined && { command: settings.build }),
      ...(about.remote !== undefined && { remote: about.remote }),
      ...(about.branch !== undefined && { branch: about.branch }),
      ...(about.isLinux && { isLinux: true }),
    },
    surroundings: {
      versions: { git: about.gitVersion },
      ...(kernel && { kernel }),
      ...(about.person && { reporter: about.person }),
    },
    range,
    builder: new CommitBuilder(worktree, range.trees, recipe, boards),
    notes: uncommitted === undefined ? [] : [uncommitted],
    kept: config === undefined ? {} : { [configFile]: config },
    doubtsAbout: async (commit) => {
      const doubts = doubtsAbout(await readNamedCommit(repository, commit), targetOf(boards))
      return doubts.map(({ sentence }) => ({
        name: 'the commit can make a difference',
        result: 'failed',
        detail: sentence,
      }))
    },
  }
}

function targetOf(boards: readonly BoardSpec[]): CulpritTarget {
  return {
    architecture: kbuildName(boards[0]?.architecture ?? ''),
    compatible: boards.flatMap(({ compatible }) => compatible.slice(0, 1)),
  }
}

async function openPayloads(
  settings: BisectSettings,
  payloads: string,
  boards: readonly BoardSpec[],
  cwd: string,
): Promise<OpenedSource> {
  const { isFix, good, bad, payload } = settings
  const found = await listReadyPayloads(resolve(cwd, payloads))
  const [passing = ''] = good
  const range = isFix ? readyRange(found, bad, passing) : readyRange(found, passing, bad)
  const builder = readyPayloadBuilder({
    ...{ payloads: found, boards, bootargs: payload.bootargs ?? [] },
    settings: (board) => mergePayload(board.boot.payload, settingsOf(payload, cwd)) ?? noPayload,
  })
  return {
    source: { kind: 'payloads', from: resolve(cwd, payloads) },
    range,
    builder,
    surroundings: { versions: {} },
    notes: [],
    kept: {},
    doubtsAbout: () => Promise.resolve([]),
  }
}

function optional(path: string | undefined, cwd: string): string | undefined {
  return path === undefined ? undefined : resolve(cwd, path)
}
