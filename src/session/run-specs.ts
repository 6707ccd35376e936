import { now } from '../core/clock.ts'
import { startDeadline, type Deadline } from '../core/deadline.ts'
import { messageOf, toSerializedError } from '../core/errors.ts'
import type { EmitEvent } from '../core/events.ts'
import type { Redactor } from '../core/redaction.ts'
import type { interruptedExit } from '../core/verdicts.ts'
import { runGroup, type GroupContext, type GroupOutcome } from './group/group-run.ts'
import { untilTheEnd } from './board/board-holder.ts'
import { GroupWorkers } from './group/group-workers.ts'
import { FailedTests } from './group/failed-tests.ts'
import { judge } from './judge.ts'
import { KernelSourceFinder } from './kernel/kernel-sources.ts'
import { loadSpecs } from './load-specs.ts'
import { planGroups, type Group } from './group/plan-groups.ts'
import type { LoadedFile, WorkerSettings } from './group/protocol.ts'
import { assertGrep, filesWithTests, planBoards, selectBoards } from './run-checks.ts'
import { RunControl } from './run-control.ts'
import type { RunOutcome, RunSpecsOptions } from './run-options.ts'
import { emitStart, redacting, redactorFor, shortPath } from './run-start.ts'
import { SpecWorker } from './group/spec-worker.ts'
import { testIdentity } from './test-identity.ts'

/**
 * Runs specs on the boards of an environment, from taking the boards to leaving them as declared.
 * Everything that happens is told as events. Never throws: what went wrong is in the outcome.
 */
export async function runSpecs(options: RunSpecsOptions): Promise<RunOutcome> {
  const startedAt = now()
  const redactor = options.keeper?.redactor ?? redactorFor(options.environment)
  const finder = options.findSources && new KernelSourceFinder(options.findSources)
  const failed = options.findPast && new FailedTests(options.findPast)
  const tell = redacting(options.emit, redactor)
  const emit: EmitEvent = (event) => {
    finder?.see(event)
    failed?.see(event)
    tell(event)
  }
  const interruption = new AbortController()
  const onInterrupt = () => {
    const { reason } = options.interrupt as { reason: unknown }
    interruption.abort(reason instanceof Error ? reason : new Error(`interrupted by ${String(reason)}`))
  }
  options.interrupt.addEventListener('abort', onInterrupt, { once: true })
  if (options.interrupt.aborted) onInterrupt()
  using root = startDeadline(Number.POSITIVE_INFINITY, 'the run', interruption)

  emitStart(options, emit)
  const groups = await runAll(options, redactor, emit, root)
  options.interrupt.removeEventListener('abort', onInterrupt)
  await finder?.tell(emit)
  const interruptedBy = signalOf(options.interrupt)
  if (interruptedBy === undefined) await failed?.tell(emit)
  const outcome = judge([...groups, ...brokenOff(options.interrupt)], options, interruptedBy)
  const { error, ...rest } = outcome
  if (interruptedBy === undefined) noteOthers(groups, error, emit)
  emit({
    type: 'run-finished',
    ...rest,
    ...(interruptedBy !== undefined && { interruptedBy }),
    ...(error !== undefined && { error: toSerializedError(error) }),
    durationMs: now() - startedAt,
  })
  return outcome
}

async function runAll(
  options: RunSpecsOptions,
  redactor: Redactor,
  emit: EmitEvent,
  root: Deadline,
): Promise<readonly GroupOutcome[]> {
  const { environment, grep, specs } = options
  const settings = workerSettings(options)
  const worker = new SpecWorker()
  try {
    assertGrep(grep)
    const selected = selectBoards(environment, options.boards)
    const onOutput = (stream: 'stdout' | 'stderr', text: string) => {
      emit({ type: 'spec-output', stream, text })
    }
    const files = filesWithTests(await loadSpecs(worker, [...new Set(specs)], settings, onOutput, root), grep)
    const groups = planGroups(files, selected)
    const context: GroupContext = {
      plans: await planBoards(environment, groups, options.state),
      settings,
      takeOptions: {
        emit,
        redactor,
        prepareBoot: options.prepareBoot,
        what: options.argv.join(' '),
        ...(options.leaseBoards && { leaseBoards: options.leaseBoards }),
        ...(options.ask && { ask: options.ask }),
      },
      holder: options.keeper ?? untilTheEnd,
      control: new RunControl(options.bail),
      root,
      emit,
      keep: options.keep,
      onInteractive: options.onInteractive,
    }
    emitLoaded(groups, emit)
    return await Promise.all(
      groups.map((group, index) => runGroup(group, context, workersFor(index, worker, files, context))),
    )
  } catch (error) {
    if (root.signal.aborted) worker.kill()
    await worker.end()
    return [{ results: [], error, releaseErrors: [] }]
  }
}

/** The worker that has loaded the specs goes on with the first group. */
function workersFor(
  index: number,
  worker: SpecWorker,
  files: readonly LoadedFile[],
  context: GroupContext,
): GroupWorkers {
  const workers = new GroupWorkers(context)
  if (index === 0) {
    workers.adopt(
      worker,
      files.map(({ file }) => file),
    )
  }
  return workers
}

const defaultTimeoutMs = 5 * 60_000

function workerSettings(options: RunSpecsOptions): WorkerSettings {
  const { grep, state, retries, repeatEach, bail, debug = false, timeoutMs = defaultTimeoutMs } = options
  return { grep, state, retries, repeatEach, bail, debug, timeoutMs }
}

/** Not a signal but an error of our own may have ended the run: then that is what it came to. */
function brokenOff({ reason }: { readonly reason: unknown }): readonly GroupOutcome[] {
  return reason instanceof Error ? [{ results: [], error: reason, releaseErrors: [] }] : []
}

function signalOf({ aborted, reason }: AbortSignal): keyof typeof interruptedExit | undefined {
  if (!aborted || reason instanceof Error) return undefined
  return reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT'
}

/** The run has one error; what else went wrong is not lost. */
function noteOthers(groups: readonly GroupOutcome[], told: unknown, emit: EmitEvent): void {
  for (const error of groups.flatMap((group) => [group.error, ...group.releaseErrors])) {
    if (error === undefined || error === told) continue
    emit({ type: 'note', level: 'error', message: messageOf(error) })
  }
}

function emitLoaded(groups: readonly Group[], emit: EmitEvent): void {
  for (const { file, boards } of groups.flatMap(({ jobs }) => jobs)) {
    const path = shortPath(file.file)
    const tests = file.tests.map((test) => testIdentity(path, boards, test))
    emit({ type: 'spec-loaded', file: path, boards, tests })
  }
}
