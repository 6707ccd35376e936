import { relative, resolve } from 'node:path'
import type { FailureSignature, ProbeRecord } from '../../core/bisection-record.ts'
import { now } from '../../core/clock.ts'
import { blameOf, HilError, messageOf } from '../../core/errors.ts'
import type { RunEvent } from '../../core/events.ts'
import type { BoardSpec, Environment } from '../../environment/environment.ts'
import { showEnvironment } from '../../environment/show-environment.ts'
import { RunRecorder } from '../../report/run-recorder.ts'
import type { Screen } from '../../report/terminal/screen.ts'
import type { RunSpecsOptions } from '../../session/run-options.ts'
import { runSpecs } from '../../session/run-specs.ts'
import { noPayload } from '../../environment/payload-settings.ts'
import { preparer } from '../payload/prepare.ts'
import { openRunReport } from '../run-report.ts'
import type { ProbeRequest } from './conductor.ts'
import { judgeProbe } from './judge-probe.ts'

export interface ProbeRunnerOptions extends Pick<
  RunSpecsOptions,
  'grep' | 'timeoutMs' | 'state' | 'leaseBoards'
> {
  readonly environment: Environment
  /** Absolute paths. */
  readonly specs: readonly string[]
  /** Of the bisection: reports lie below it. */
  readonly directory: string
  readonly cwd: string
  readonly argv: readonly string[]
  readonly screen: Screen
  /** Boots in spite of what is wrong with a payload. */
  readonly force: boolean
  /** The payload of a commit for a board, and what its kernel is. */
  readonly payloadOf: (
    commit: string,
    board: BoardSpec,
  ) => { readonly directory: string; readonly identity: string }
  /** The failure that is looked for, once it is known. */
  readonly wanted: () => FailureSignature | undefined
}

/** Where the reports of all probes lie, below the directory of the bisection. */
const probesDirectory = 'probes'

/**
 * Makes a function that runs the specs on one board with one kernel: an ordinary run, from power-off, with a report and
 * a proof of boot of its own.
 *
 * The function throws what says nothing about kernel or board: a spec that is wrong, a bug in hil, an interruption.
 */
export function probeRunner(options: ProbeRunnerOptions) {
  return async (request: ProbeRequest, signal: AbortSignal): Promise<ProbeRecord> => {
    const { environment, directory, cwd, screen } = options
    const board = boardOf(environment, request.board)
    const { directory: payload, identity } = options.payloadOf(request.commit, board)
    const spec: BoardSpec = {
      ...board,
      boot: { ...board.boot, payload: { ...noPayload, directory: payload } },
    }
    const report = openRunReport({
      ...{ cwd, root: resolve(directory, probesDirectory), boards: [board.name], screen },
      ...{ reporters: [], logLevel: undefined },
    })
    const recorder = new RunRecorder()
    let powerCycles = 0
    using _tap = report.tap((event: RunEvent) => {
      recorder.add(event)
      if (event.type === 'power' && event.action === 'on' && event.ok) powerCycles++
    })
    const startedAt = new Date().toISOString()
    const started = now()
    const alone: Environment = { ...environment, boards: [spec] }
    await runSpecs({
      ...given(options),
      ...{ environment: alone, environmentYaml: showEnvironment(alone), boards: [board.name] },
      ...{ bail: false, retries: 0, repeatEach: 1, keep: false, failOnFlaky: false, exitMode: 'bisect' },
      ...{ emit: report.emit, interrupt: signal, prepareBoot: preparer({ force: options.force }) },
    })
    const durationMs = now() - started
    await report.close()
    const judgement = judgeProbe(recorder.record, options.wanted())
    if (judgement === undefined) throw stopping(recorder, report.directory)
    return {
      ...{ ...request, startedAt, durationMs, powerCycles, identity, ...judgement },
      report: relative(directory, resolve(cwd, report.directory)),
    }
  }
}

function given({ specs, argv, grep, timeoutMs, state, leaseBoards }: ProbeRunnerOptions) {
  return {
    ...(leaseBoards && { leaseBoards }),
    ...{ specs, argv },
    ...(grep !== undefined && { grep }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(state !== undefined && { state }),
  }
}

function boardOf({ boards }: Environment, name: string): BoardSpec {
  const board = boards.find((each) => each.name === name)
  if (board === undefined) throw new RangeError(`there is no board ${name}`)
  return board
}

/** What ends the bisection: it would be the same with every kernel. */
function stopping({ record }: RunRecorder, report: string): HilError {
  const failed = record.specs
    .flatMap(({ tests }) => tests)
    .flatMap(({ attempts }) => attempts)
    .find(({ ended }) => ended?.error?.blame === 'environment' || ended?.error?.blame === 'hil')
  const error = record.finished?.error ?? failed?.ended?.error
  const message = error === undefined ? 'the run was cut off' : messageOf(Object.assign(new Error(), error))
  return new HilError('bisect.run', `${message} (${report})`, {
    blame: error?.blame ?? blameOf(undefined),
    details: { report },
  })
}
