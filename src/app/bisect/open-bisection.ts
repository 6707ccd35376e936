import { resolve } from 'node:path'
import type { Bisection } from '../../bisect/search/bisection.ts'
import { CommitGraph } from '../../bisect/search/commit-graph.ts'
import type { BisectionSource } from '../../core/bisection-record.ts'
import type { BoardSpec, Environment } from '../../environment/environment.ts'
import { selectBoards } from '../../session/run-checks.ts'
import { openEnvironment } from '../environments.ts'
import { findSpecs } from '../spec-files.ts'
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
  readonly bisection: Bisection
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
  const names = selectBoards(environment, settings.boards, settings.tags)
  const boards = environment.boards.filter(({ name }) => names.includes(name))
  const opened = await openSource(settings, boards, cwd, directory)
  const { source, range, builder, surroundings, notes, kept, doubtsAbout } = opened
  try {
    const bisection = toBisection(settings, range)
    return {
      environment,
      boards,
      specs,
      source,
      range,
      builder,
      bisection,
      surroundings,
      notes,
      kept,
      doubtsAbout,
      close: () => builder.close(),
    }
  } catch (error) {
    await builder.close()
    throw error
  }
}

function toBisection(settings: BisectSettings, range: CommitRange): Bisection {
  const { confidence, checks, patience, revert } = settings
  const graph = new CommitGraph(range.commits)
  const parents = new Map(range.commits.map((commit) => [commit.id, commit.parents]))
  const later = graph.idOf(graph.size - 1)
  const [failing, passing] = settings.isFix ? [range.earlierEnds, [later]] : [[later], range.earlierEnds]
  return {
    search: { graph, change: settings.isFix ? 'fix' : 'regression', excluded: range.excluded },
    failingEnd: failing[0] ?? later,
    passingEnds: passing,
    ...{ confidence, checks, patience, revert },
    // Where looking at some paths only leaves none, what is before is behind the range.
    parentsOf: (commit) => {
      const known = parents.get(commit) ?? []
      return known.length > 0 ? known : range.earlierEnds
    },
  }
}
