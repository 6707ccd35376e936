import { quote } from '../source/node.ts'
import type { Item } from './items.ts'
import type { Target } from './target.ts'

/** What of the target hil can't have two of. */
export function onlyOne(target: Target, items: readonly Item[], what: string): Item | undefined {
  const [only, other] = items
  if (other !== undefined) {
    const names = items.map(({ name, className }) => name ?? className).join(', ')
    target.context.problems.add(
      other.place,
      `hil takes one of these for a board, and the target ${quote(target.name)} has several ${what}: ${names}`,
    )
  }
  return only
}
