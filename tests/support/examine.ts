import { startDeadline, type Deadline } from '../../src/core/deadline.ts'
import type { StepId, StepResult } from '../../src/core/examination.ts'
import { Redactor } from '../../src/core/redaction.ts'
import { openEnvironment } from '../../src/app/environment/environments.ts'
import { Bench } from '../../src/app/doctor/bench.ts'
import { leavingStep, provingSteps } from '../../src/app/doctor/board-steps.ts'
import { examine } from '../../src/app/doctor/examine.ts'
import { patience, type Patience } from '../../src/app/doctor/patience.ts'
import { preparer } from '../../src/app/payload/prepare.ts'
import { withoutWaiting } from '../../src/lab/lease/lease-boards.ts'
import { loadStrategy } from '../../src/strategy/load-strategy.ts'
import { writeFiles } from './environment-files.ts'

/** What `hil doctor` finds at the one board of an environment, in this process. */
export interface Examined {
  /** Outcomes by step. */
  readonly outcomes: Readonly<Partial<Record<StepId, StepResult['outcome']>>>
  /** The steps that failed. */
  readonly failed: readonly StepId[]
  /** Everything that a step says, or why it was left out. */
  readonly words: (id: StepId) => string
  readonly advice: (id: StepId) => string
}

/** Simulated boards are fast, and a test waits for what stays out. */
export const shortPatience: Patience = {
  ...patience,
  afterglowMs: 100,
  silenceMs: 400,
  lifeMs: 3000,
  pauseMs: 300,
  fetchMs: 3000,
}

/** @param yaml of an environment @param signal ends it early */
export async function examineYaml(
  yaml: string,
  {
    patience = shortPatience,
    signal = new AbortController().signal,
    onResult = () => undefined,
  }: {
    readonly patience?: Patience
    readonly signal?: AbortSignal
    readonly onResult?: (result: StepResult) => void
  } = {},
): Promise<Examined> {
  const bench = await benchOf(yaml, patience)
  const { spec } = bench
  const { steps } = await examine({
    board: spec.name,
    bench,
    steps: provingSteps(withoutWaiting),
    last: leavingStep,
    signal,
    onResult,
  })
  const step = (id: StepId) => steps.find((each) => each.id === id)
  return {
    outcomes: Object.fromEntries(steps.map(({ id, outcome }) => [id, outcome])),
    failed: steps.flatMap(({ id, outcome }) => (outcome === 'failed' ? [id] : [])),
    words: (id) =>
      step(id)?.reason ??
      step(id)
        ?.findings.map(({ words }) => words)
        .join('\n') ??
      '',
    advice: (id) =>
      step(id)
        ?.findings.map(({ advice = '' }) => advice)
        .join('\n') ?? '',
  }
}

/** The bench of the one board of an environment; nothing of it is open yet. */
export async function benchOf(yaml: string, patience = shortPatience): Promise<Bench> {
  await using files = await writeFiles({ 'env.yaml': yaml })
  const [spec] = (await openEnvironment(files.path('env.yaml'), files.directory)).boards
  if (spec === undefined) throw new Error('the environment has no board')
  return new Bench(spec, {
    what: 'a test',
    emit: () => undefined,
    redactor: new Redactor(),
    prepareBoot: preparer({ force: false }),
    queueing: withoutWaiting,
    strategy: await loadStrategy(spec.strategy),
    patience,
  })
}

/** Does something with a board that is in some state. @param state of its strategy */
export async function withBoardIn<T>(
  state: string,
  yaml: string,
  work: (bench: Bench, t: Deadline) => Promise<T>,
): Promise<T> {
  using t = startDeadline(50_000, 'a board on the bench')
  const bench = await benchOf(yaml)
  try {
    await bench.lease(t)
    await bench.open(t)
    await bench.service.goto(t, state)
    return await work(bench, t)
  } finally {
    await bench.close()
  }
}
