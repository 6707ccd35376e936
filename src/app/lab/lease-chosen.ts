import { startDeadline } from '../../core/deadline.ts'
import type { EmitEvent, RunEventBody } from '../../core/events.ts'
import type { BoardSpec, Environment } from '../../environment/environment.ts'
import { releaseAll } from '../../lab/lease/board-lease.ts'
import { withoutWaiting, type LeaseBoards, type Queueing } from '../../lab/lease/lease-boards.ts'
import { leasesOf } from '../leases.ts'
import { candidates, type OneBoardChoice } from './choose-boards.ts'
import { firstFree } from './first-free.ts'

/** A board that was chosen, and how a run comes by it. Disposing of it gives it back. */
export interface ChosenBoard extends AsyncDisposable {
  readonly spec: BoardSpec
  readonly leaseBoards: LeaseBoards
}

/**
 * The board that a command is for that uses one. Where tags say which boards will do, the first that can be had is
 * leased at once: of two people who ask at the same time none waits for the board of the other while another one is
 * free. Where none can be had the line of the best one is joined, by the run.
 *
 * @param what for others who want the board: `hil boot`
 * @throws HilError as `candidates`, and as leasing throws where that is not because others have the board
 */
export async function leaseChosen(
  environment: Environment,
  { queueing, what, ...choice }: OneBoardChoice & { readonly queueing: Queueing; readonly what: string },
  cwd: string,
): Promise<ChosenBoard> {
  const boards = await candidates(environment, choice, cwd)
  const chosen = await firstFree(boards, (spec) => leaseAtOnce(spec, queueing, what))
  if (chosen !== undefined) return chosen
  return { spec: boards[0], leaseBoards: leasesOf(queueing), [Symbol.asyncDispose]: () => Promise.resolve() }
}

async function leaseAtOnce(spec: BoardSpec, { priority }: Queueing, what: string): Promise<ChosenBoard> {
  using t = startDeadline(Number.POSITIVE_INFINITY, what)
  const events = new LateEvents()
  const leases = await leasesOf({ ...withoutWaiting, priority })([spec], { what, emit: events.emit }, t)
  return {
    spec,
    leaseBoards: (_specs, { emit }) => {
      events.tell(emit)
      return Promise.resolve(leases)
    },
    [Symbol.asyncDispose]: () => releaseAll(leases),
  }
}

/** What a lease tells before there is a run that could hear it. */
class LateEvents {
  #early: RunEventBody[] = []
  #listener: EmitEvent | undefined

  readonly emit: EmitEvent = (event) => {
    if (this.#listener === undefined) this.#early.push(event)
    else this.#listener(event)
  }

  tell(listener: EmitEvent): void {
    this.#listener = listener
    for (const event of this.#early.splice(0)) listener(event)
  }
}
