import { resolve } from 'node:path'
import type { BisectionPlan } from '../../bisect/search/bisection.ts'
import type { BisectionSource } from '../../core/bisection-record.ts'
import type { BoardSpec, Environment } from '../../environment/environment.ts'
import { openEnvironment } from '../environment/environments.ts'
import { chooseBoards } from '../lab/choose-boards.ts'
import { findSpecs } from '../run/spec-files.ts'
import type { CandidateBuilder } from '../commits/candidate-builder.ts'
import type { CommitRange } from './commit-range.ts'
import { openSource, type OpenedSource } from './open-source.ts'
import type { BisectSettings } from './settings.ts'

/** All that a bisection works with, looked up and found right before anything is built or switched. */
export interface OpenedBisection extends Pick<OpenedSource, 'kept' | 'doubtsAbout' | 'surroundings'> {
  readonly environment: Environment
  readonly boards: readonly BoardSpec[]
  /** Absolute paths. */
  readonly specs: readonly string[]
  readonly source: BisectionSource
  readonly range: CommitRange
  readonly builder: CandidateBuilder
  readonly plan: BisectionPlan
  /** What a person should know, in sentences. */
  readonly notes: readonly string[]
  close(): Promise<void>
}

/**
 * @param directory of a bisection that goes on
 * @throws HilError for whatever of it is wrong (environment)
 */
export async function openBisection(
  settings: BisectSettings,
  cwd: string,
  directory?: string,
): Promise<OpenedBisection> {
  const specs = findSpecs(settings.specs, cwd).map((spec) => resolve(cwd, spec))
  const environment = await openEnvironment(settings.env, cwd)
  const { names, notes: leftOut } = await chooseBoards(environment, {
    boards: settings.boards,
    tags: settings.tags ?? [],
  })
  const boards = environment.boards.filter(({ name }) => names.includes(name))
  const opened = await openSource(settings, boards, cwd, directory)
  const { source, range, builder, surroundings, notes, kept, doubtsAbout } = opened
  try {
    const plan = planOf(settings, range)
    return {
      environment,
      boards,
      specs,
      source,
      range,
      builder,
      plan,
      surroundings,
      notes: [...leftOut, ...notes],
      kept,
      doubtsAbout,
      close: () => builder.close(),
    }
  } catch (error) {
    await builder.close()
    throw error
  }
}

function planOf(settings: BisectSettings, range: CommitRange): BisectionPlan {
  const { confidence, checks, patience, revert, isFix } = settings
  const { commits, earlierEnds, excluded, origins } = range
  const later = commits.at(-1)?.id ?? ''
  const [failing, passing] = isFix ? [earlierEnds, [later]] : [[later], earlierEnds]
  return {
    change: isFix ? 'fix' : 'regression',
    range: { commits, excluded: [...excluded], origins: Object.fromEntries(origins) },
    earlierEnds,
    failingEnd: failing[0] ?? later,
    passingEnds: passing,
    ...{ confidence, checks, patience, revert },
  }
}
