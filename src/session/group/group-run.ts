import type { Deadline } from '../../core/deadline.ts'
import type { SerializedError } from '../../core/errors.ts'
import type { EmitEvent } from '../../core/events.ts'
import type { BoardService } from '../board/board-service.ts'
import { benchOutcomes } from '../board/bench-outcomes.ts'
import { FileRun } from './file-run.ts'
import type { GroupWorkers } from './group-workers.ts'
import type { BoardHolder } from '../board/board-holder.ts'
import type { BoardPlan, HeldBoards, HoldOptions } from '../board/held-boards.ts'
import type { Group, Job } from './plan-groups.ts'
import type { BoardInfo, WorkerSettings } from './protocol.ts'
import type { RunControl } from '../run-control.ts'
import type { RunSpecsOptions } from '../run-options.ts'
import { shortPath } from '../run-start.ts'
import type { FinalResult } from '../test-ledger.ts'

export interface GroupContext {
  readonly plans: ReadonlyMap<string, BoardPlan>
  readonly settings: WorkerSettings
  readonly takeOptions: HoldOptions
  readonly holder: BoardHolder
  readonly control: RunControl
  readonly root: Deadline
  readonly emit: EmitEvent
  readonly keep: boolean
  readonly onInteractive: RunSpecsOptions['onInteractive']
}

export interface GroupOutcome {
  readonly results: readonly FinalResult[]
  /** What kept tests from running. */
  readonly error: unknown
  /** What went wrong at release; counts when nothing else did. */
  readonly releaseErrors: readonly Error[]
}

/** Runs the jobs of a group, one after the other, on boards it holds from the first to the last. Never throws. */
export async function runGroup(
  group: Group,
  context: GroupContext,
  workers: GroupWorkers,
): Promise<GroupOutcome> {
  const results: FinalResult[] = []
  let error: unknown
  let held: HeldBoards | undefined
  try {
    const plans = group.boards.flatMap((board) => context.plans.get(board) ?? [])
    held = await context.holder.take(plans, context.takeOptions, context.root)
    for (const job of group.jobs) {
      if (context.control.isStopped) break
      const run = new FileRun(fileRunOptions(job, held, context, workers))
      try {
        await run.run()
      } finally {
        results.push(...run.results)
      }
    }
  } catch (thrown) {
    error = thrown
  }
  const outcomes = benchOutcomes(group.boards, { results, error })
  const given = held === undefined ? [] : context.holder.giveBack(held, context.keep, outcomes)
  const [errors] = await Promise.all([given, workers.end(context.root)])
  // Whatever was found out about a kernel that is not the payload's, it is no result.
  const unproven = errors.find(({ code }) => code.startsWith('proof.'))
  return {
    results,
    error: error ?? unproven,
    releaseErrors: errors.filter((each) => each !== unproven),
  }
}

function fileRunOptions(job: Job, held: HeldBoards, context: GroupContext, workers: GroupWorkers) {
  const { settings, control, emit, root, onInteractive } = context
  return {
    job,
    fileName: shortPath(job.file.file),
    services: held.services,
    boards: boardInfos(job, context),
    attempts: settings.retries + 1,
    worker: () => workers.get(job.file.file),
    control,
    emit,
    root,
    onFailure: async (services: readonly BoardService[], test: string, error: SerializedError) => {
      const service = services[0]
      if (onInteractive === undefined || service === undefined) return
      const { name: board } = service.board
      await service.interact((line) => onInteractive({ ...line, board, test, error }))
    },
  }
}

function boardInfos({ boards }: Job, { plans }: GroupContext): readonly BoardInfo[] {
  return boards.flatMap((name) => {
    const spec = plans.get(name)?.spec
    if (spec === undefined) return []
    const { architecture, compatible, features, options } = spec
    return [{ name, facts: { architecture, compatible, features, options } }]
  })
}
