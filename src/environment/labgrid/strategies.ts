import { quote, type Node } from '../source/node.ts'
import { scalar } from './build.ts'
import { driverClasses } from './classes.ts'
import type { Item } from './items.ts'
import type { Target } from './target.ts'

/** What labgrid's strategies are called here, and the driver that they need. */
const strategies: Readonly<Record<string, readonly [name: string, needs: string]>> = {
  BareboxStrategy: ['barebox', 'BareboxDriver'],
  UBootStrategy: ['uboot', 'UBootDriver'],
  ShellStrategy: ['direct', 'ShellDriver'],
}

/** Of those labgrid has itself, and of those that a module in Python brings. */
export function isStrategy({ className }: Item): boolean {
  return className.endsWith('Strategy')
}

/** @returns `undefined` where it is that of the bootloader */
export function translateStrategy(target: Target, item: Item): Node | undefined {
  const { problems } = target.context
  const [name, needs] = strategies[item.className] ?? []
  if (name !== undefined && needs !== undefined) {
    if (target.driversOf([needs]).length === 0) {
      problems.add(
        item.place,
        `${item.className} needs a ${needs}, and the target ${quote(target.name)} has none`,
      )
    }
    target.attributesOf(item).finish()
    return scalar(item.place, name)
  }
  if (driverClasses.includes(item.className)) {
    problems.add(item.place, `${item.className}: hil has no counterpart for this strategy`)
    return undefined
  }
  problems.addRemark(
    item.place,
    `${item.className} is Python, which hil does not run: the board has the strategy that hil has for its bootloader`,
  )
  return undefined
}
