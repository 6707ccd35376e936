import { relative, resolve } from 'node:path'
import type { FailureSignature, ProbeRecord } from '../../core/bisection-record.ts'
import { blameOf, HilError, messageOf } from '../../core/errors.ts'
import type { BoardSpec, Environment } from '../../environment/environment.ts'
import type { RunRecord } from '../../report/run-record.ts'
import type { Screen } from '../../report/terminal/screen.ts'
import type { RunSpecsOptions } from '../../session/run-options.ts'
import { noPayload } from '../../environment/payload-settings.ts'
import { runOnBoard } from '../run/single-run.ts'
import type { ProbeRequest } from './conductor-options.ts'
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
    const { record, report, ...run } = await runOnBoard({
      ...given(options),
      ...{ environment, board: spec, cwd, screen, force: options.force, interrupt: signal },
      ...{ root: resolve(directory, probesDirectory), retries: 0, exitMode: 'bisect' },
    })
    const judgement = judgeProbe(record, options.wanted())
    if (judgement === undefined) throw stopping(record, report)
    return {
      ...{ ...request, startedAt: run.startedAt, durationMs: run.durationMs },
      ...{ powerCycles: run.powerCycles, identity, ...judgement },
      report: relative(directory, resolve(cwd, report)),
    }
  }
}

function given({ specs, argv, grep, timeoutMs, state, leaseBoards }: ProbeRunnerOptions) {
  return { specs, argv, grep, timeoutMs, state, ...(leaseBoards && { leaseBoards }) }
}

function boardOf({ boards }: Environment, name: string): BoardSpec {
  const board = boards.find((each) => each.name === name)
  if (board === undefined) throw new RangeError(`there is no board ${name}`)
  return board
}

/** What ends the bisection: it would be the same with every kernel. */
function stopping(record: RunRecord, report: string): HilError {
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
