import type { Random } from '../random.ts'
import type { Wire } from '../wire/uart.ts'
import { createWire } from './wire.ts'
import type { Fault, FaultPoint } from './schema.ts'

type FaultNamed<Name extends Fault['name']> = Extract<Fault, { name: Name }>

/** Faults that strike when the board reaches a point of its life. */
export type StagedFault = Extract<Fault, { at: FaultPoint }>

/** Which faults strike when. It outlives power cycles: a fault that strikes once is over after that. */
export class FaultPlan {
  readonly wire: Wire
  readonly #faults: readonly Fault[]
  readonly #occasions = new Map<Fault, number>()

  constructor(faults: readonly Fault[], random: Random) {
    this.#faults = faults
    this.wire = createWire(faults, random)
  }

  /** The faults that strike now, as the board reaches `point`. */
  at(point: FaultPoint): readonly StagedFault[] {
    return this.#faults.filter(
      (fault): fault is StagedFault => 'at' in fault && fault.at === point && this.#strikes(fault),
    )
  }

  /** The first fault of this name that strikes now. */
  now<Name extends Fault['name']>(
    name: Name,
    applies: (fault: FaultNamed<Name>) => boolean = () => true,
  ): FaultNamed<Name> | undefined {
    return this.#faults.find(
      (fault): fault is FaultNamed<Name> =>
        fault.name === name && applies(fault as FaultNamed<Name>) && this.#strikes(fault),
    )
  }

  #strikes(fault: Fault): boolean {
    const occasion = this.#occasions.get(fault) ?? 0
    this.#occasions.set(fault, occasion + 1)
    if ('every' in fault) return (occasion + 1) % fault.every === 0
    if (!('skip' in fault)) return true
    return occasion >= fault.skip && occasion < fault.skip + (fault.times ?? Infinity)
  }
}
