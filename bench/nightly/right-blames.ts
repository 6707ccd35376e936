import type { Blame } from '../../src/core/errors.ts'
import type { Fault } from '../../src/simulator/faults/schema.ts'

type Answer = Blame | undefined

/**
 * Who may be blamed for a run, as somebody would who has the board in hand; nobody where the fault does no harm, or is got
 * over by one more try.
 */
export function rightBlames({
  fault,
  isWrong,
}: {
  readonly fault: Fault | undefined
  readonly isWrong: boolean
}): readonly Answer[] {
  const without: readonly Answer[] = isWrong ? ['test'] : [undefined]
  return fault === undefined ? without : [...without, ...blamesOf(fault)]
}

function blamesOf(fault: Fault): readonly Answer[] {
  switch (fault.name) {
    case 'silent':
    case 'hang':
      // Not one byte: it may as well be the cable.
      return fault.at === 'power-on' ? ['infrastructure', 'board'] : ['board']
    case 'reset':
    case 'panic':
    case 'flood':
      return ['board']
    case 'drop':
      // Letters that are missing leave no trace: what is left may as well be what a board said that does not boot.
      return fault.rate > 0.1 ? ['infrastructure', 'board'] : ['infrastructure']
    case 'power':
      // A switch that says "on" and gives none leaves no more trace than a board that is dead.
      return fault.how === 'lies' && (fault.action === 'on' || fault.action === 'any')
        ? ['infrastructure', 'board']
        : ['infrastructure']
    case 'disconnect':
    case 'garble':
      return ['infrastructure']
    case 'double-prompt':
      // A line on which everything comes twice is no good one.
      return ['infrastructure']
    case 'printk':
    case 'slow-prompt':
      return []
  }
}
