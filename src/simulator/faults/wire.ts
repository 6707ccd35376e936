import type { Random } from '../random.ts'
import { cleanWire, type Wire } from '../wire/uart.ts'
import type { Fault } from './schema.ts'

type WireFault = Extract<Fault, { name: 'garble' | 'drop' }>
type Direction = 'to-host' | 'to-board'

/** A line that garbles and drops bytes as the faults say. */
export function createWire(faults: readonly Fault[], random: Random): Wire {
  const onWire = faults.filter(
    (fault): fault is WireFault => fault.name === 'garble' || fault.name === 'drop',
  )
  if (onWire.length === 0) return cleanWire
  const through = (direction: Direction) => {
    const hitting = onWire.filter((fault) => fault.direction === direction || fault.direction === 'both')
    return (bytes: Uint8Array) => hitting.reduce((left, fault) => hit(left, fault, random), bytes)
  }
  return { toHost: through('to-host'), toBoard: through('to-board') }
}

function hit(bytes: Uint8Array, { name, rate }: WireFault, random: Random): Uint8Array {
  if (name === 'drop') return bytes.filter(() => !random.chance(rate))
  // A bit that flips: what a wrong baud rate or a bad cable does.
  return bytes.map((byte) => (random.chance(rate) ? byte ^ (1 << random.below(8)) : byte))
}
