import { catalogue } from '../src/app/catalogue.ts'
import { preparer } from '../src/app/payload/prepare.ts'
import { startDeadline, type Deadline } from '../src/core/deadline.ts'
import type { RunEventBody } from '../src/core/events.ts'
import { now } from '../src/core/clock.ts'
import { Redactor } from '../src/core/redaction.ts'
import type { BoardSpec } from '../src/environment/environment.ts'
import { loadEnvironment } from '../src/environment/load-environment.ts'
import { resolveEnvironmentFile } from '../src/environment/resolve-environment-file.ts'
import type { BoardLease } from '../src/lab/lease/board-lease.ts'
import { takeBoard } from '../src/lab/take-board.ts'
import type { TakenBoard } from '../src/lab/taken-board.ts'
import { loadStrategy } from '../src/strategy/load-strategy.ts'
import { StrategyRunner } from '../src/strategy/strategy-runner.ts'

export interface BenchBoard {
  readonly board: TakenBoard
  readonly runner: StrategyRunner
  /** All events so far, each with the time it was emitted. */
  readonly events: readonly (RunEventBody & { readonly t: number })[]
  readonly t: Deadline
}

export interface Holding {
  /** Of the board, which is released with it. @default one that is taken now */
  readonly lease?: BoardLease
  /** Whether the board is used as it stands, and left so. @default false */
  readonly keep?: boolean
}

/** Takes the one board of an environment, without the processes of a run around it. */
export async function withBoard<T>(
  environmentName: string,
  body: (bench: BenchBoard) => Promise<T>,
): Promise<T> {
  return withBoardOf(await boardOf(environmentName), body)
}

export async function boardOf(environmentName: string): Promise<BoardSpec> {
  const cwd = process.cwd()
  const file = await resolveEnvironmentFile(environmentName, cwd)
  const { boards } = await loadEnvironment(file, { catalogue, cwd })
  const spec = boards[0]
  if (spec === undefined) throw new Error(`${file} has no board`)
  return spec
}

export async function withBoardOf<T>(
  spec: BoardSpec,
  body: (bench: BenchBoard) => Promise<T>,
  { lease, keep = false }: Holding = {},
): Promise<T> {
  const events: (RunEventBody & { t: number })[] = []
  const emit = (event: RunEventBody) => {
    events.push({ ...event, t: now() })
  }
  using t = startDeadline(300_000, 'the bench')
  const { publish } = await preparer({ force: false })(spec, t)
  const board = await takeBoard(
    spec,
    { emit, redactor: new Redactor(), preparePayload: publish, what: 'a bench', ...(lease && { lease }) },
    t,
  )
  try {
    const strategy = await loadStrategy(spec.strategy)
    const runner = new StrategyRunner({
      strategy,
      board,
      budgets: spec.timeouts.states,
      adoptRunning: keep,
      emit,
    })
    return await body({ board, runner, events, t })
  } finally {
    await board.release(keep)
  }
}
