import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { BisectionSource } from '../../core/bisection-record.ts'
import { startDeadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import { noPayload, type PayloadSettings } from '../../environment/payload-settings.ts'
import { mergePayload, settingsOf } from '../payload/arguments.ts'
import { commandRecipe } from './builders/command-recipe.ts'
import { CommitBuilder } from './builders/commit-builder.ts'
import { inWorktree } from './builders/in-worktree.ts'
import { kernelRecipe } from './builders/kernel-recipe.ts'
import type { Recipe } from './builders/recipe.ts'
import { listReadyPayloads, readyPayloadBuilder, readyRange } from './builders/ready-payloads.ts'
import type { CandidateBuilder, CommitRange } from './candidate-builder.ts'
import { readRange } from './git/commit-range.ts'
import { resolveEnds } from './git/ends.ts'
import { openRepository, type Repository } from './git/repository.ts'
import { resolveSkipped } from './git/skipped-commits.ts'
import { describeUncommitted } from './git/uncommitted-changes.ts'
import { termsOf, type BisectSettings } from './settings.ts'
import { Worktree } from './worktree/worktree.ts'

/** Where commits come from, and how they become payloads. */
export interface OpenedSource {
  readonly source: BisectionSource
  readonly range: CommitRange
  readonly builder: CandidateBuilder
  /** What a person should know, in sentences. */
  readonly notes: readonly string[]
}

/** How long git may take to tell all about the range. */
const askingMs = 10 * 60_000

/** @throws HilError for ends, sources and options that are wrong (environment) */
export async function openSource(
  settings: BisectSettings,
  boards: readonly BoardSpec[],
  cwd: string,
): Promise<OpenedSource> {
  if (settings.payloads !== undefined) return openPayloads(settings, settings.payloads, boards, cwd)
  using t = startDeadline(askingMs, 'reading the history')
  const { kernelTree } = settings.payload
  const repository = await openRepository(resolve(cwd, settings.repository ?? kernelTree ?? '.'), t)
  const recipe = await recipeOf(settings, repository, cwd)
  const { isFix, good, bad, firstParent, paths } = settings
  const [earlier, later] = isFix ? [[bad], good[0] ?? ''] : [good, bad]
  const change = isFix ? 'fix' : 'regression'
  const ends = await resolveEnds(repository, { change, terms: termsOf(settings), earlier, later })
  const range = await readRange(repository, ends, { firstParent, paths })
  const skipped = [...(await resolveSkipped(repository, settings.skip))]
  const uncommitted = await describeUncommitted(repository)
  const worktree = await Worktree.open(repository, ends.later)
  const kind = settings.build === undefined ? 'kernel-tree' : 'command'
  return {
    source: {
      ...{ kind, repository: repository.directory, firstParent, paths, skipped },
      ...(settings.build !== undefined && { command: settings.build }),
    },
    range,
    builder: new CommitBuilder(worktree, range, recipe, boards),
    notes: uncommitted === undefined ? [] : [uncommitted],
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
  return { source: { kind: 'payloads', from: resolve(cwd, payloads) }, range, builder, notes: [] }
}

async function recipeOf(settings: BisectSettings, repository: Repository, cwd: string): Promise<Recipe> {
  const { payload, build } = settings
  const given = settingsOf(payload, cwd)
  const settingsIn = (board: BoardSpec, worktree: Worktree): PayloadSettings =>
    inWorktree(mergePayload(board.boot.payload, given) ?? noPayload, repository.directory, worktree.tree)
  const common = { key: given, bootargs: payload.bootargs ?? [], settings: settingsIn }
  if (build !== undefined) return commandRecipe({ command: build, ...common })
  if (given.kernelTree === undefined) {
    throw new HilError(
      'bisect.no-builder',
      'nothing says how a commit becomes a kernel: name the kernel tree (--kernel-tree), a command (--build) or payloads that are there (--payloads)',
      { blame: 'environment' },
    )
  }
  const { config, architecture } = await configOf(settings, given, cwd)
  const { arch = process.env['ARCH'] ?? architecture } = payload
  const { crossCompile = process.env['CROSS_COMPILE'] } = payload
  return kernelRecipe({ config, architecture: arch, crossCompile, ...common })
}

/** @throws HilError `bisect.no-config` (environment) */
async function configOf(
  { config }: BisectSettings,
  { kernelTree, objects = kernelTree }: PayloadSettings,
  cwd: string,
) {
  const file = config === undefined ? join(objects ?? '', '.config') : resolve(cwd, config)
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) {
    throw new HilError(
      'bisect.no-config',
      `there is no ${file}: all commits are built with one configuration, name it with --config`,
      { blame: 'environment', details: { file } },
    )
  }
  const name = /^# Linux\/(\S+) /m.exec(text)?.[1] ?? 'arm64'
  return { config: text, architecture: name === 'x86_64' || name === 'i386' ? 'x86' : name }
}
