import type { PowerState, PowerSwitch } from '../board/power-switch.ts'
import { HilError } from '../core/errors.ts'
import type { Deadline } from '../core/deadline.ts'
import type { SimulatedBoard } from './board.ts'
import type { FaultPlan } from './faults/plan.ts'
import { noteSwitching } from './shared-outlets.ts'

type Action = 'on' | 'off' | 'state'

/** The outlet of a lab whose switch knows of leases. */
export interface FencedOutlet {
  /** See `noteSwitching`. */
  readonly file: string
  readonly outlet: string
  /** Of the lease under which it is switched. */
  readonly fence: number
}

/** The switch in front of a simulated board. Its faults are those of real ones. */
export function simulatedPower(board: SimulatedBoard, faults: FaultPlan, fenced?: FencedOutlet): PowerSwitch {
  /** What a switch that lies believes. */
  let believed: PowerState | undefined

  const request = async <T>(
    action: Action,
    t: Deadline,
    answer: () => T | Promise<T>,
    lie: () => T,
  ): Promise<T> => {
    t.throwIfOver()
    const fault = faults.now(
      'power',
      (candidate) => candidate.action === 'any' || candidate.action === action,
    )
    switch (fault?.how) {
      case 'hangs':
        return t.race(new Promise<T>(() => undefined))
      case 'refuses':
        throw new HilError('power.refused', `the simulated power switch refused "${action}"`, {
          blame: 'infrastructure',
          details: { action },
        })
      case 'lies':
        return lie()
      default:
        return t.race(Promise.resolve(answer()))
    }
  }
  const change = (wanted: 'on' | 'off', t: Deadline) =>
    request(
      wanted,
      t,
      async () => {
        believed = undefined
        if (fenced !== undefined) {
          const { file, outlet, fence } = fenced
          await noteSwitching(file, { outlet, action: wanted, fence, pid: process.pid })
        }
        if (wanted === 'off') return board.powerOff()
        board.powerOn()
        return undefined
      },
      () => {
        believed = wanted
      },
    )
  const actual = (): PowerState => (board.powered ? 'on' : 'off')

  return {
    on: (t) => change('on', t),
    off: (t) => change('off', t),
    state: (t) =>
      request(
        'state',
        t,
        () => believed ?? actual(),
        () => (actual() === 'on' ? 'off' : 'on'),
      ),
  }
}
