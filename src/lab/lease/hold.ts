import { HilError } from '../../core/errors.ts'
import { asHolder, describeHolder, thisPerson, type Holder } from './holder.ts'
import { takeName, visit, type NamedSocket } from './named-socket.ts'
import type { BoardLease } from './board-lease.ts'
import { holdName } from './names.ts'

/** Boards kept for a person's hand work: their own commands may use them, nobody else's. */
export interface Hold {
  /** Resolves when somebody has asked to end it. */
  readonly asked: Promise<void>
  end(): Promise<void>
}

const endWord = 'end'

/**
 * Keeps resources for a person. Who keeps them has to lease them for the moment in which the hold begins, so that nobody
 * else is about to use them.
 *
 * @throws HilError `lab.held-already` (environment)
 */
export async function hold(resources: readonly string[], holder: Holder, _lease: BoardLease): Promise<Hold> {
  const names: NamedSocket[] = []
  let onAsked: () => void = () => undefined
  const asked = new Promise<void>((resolve) => (onAsked = resolve))
  const end = async () => {
    for (const name of names) await name.close()
  }
  for (const resource of resources) {
    const name = await takeName(holdName(resource), {
      greeting: holder,
      onMessage: (line) => {
        if (line === endWord) onAsked()
      },
    })
    if (name === undefined) {
      await end()
      throw new HilError(
        'lab.held-already',
        `${resource} is held already, by you: "hil lab unlock" ends that first`,
        { blame: 'environment', details: { resource } },
      )
    }
    names.push(name)
  }
  return { asked, end }
}

/**
 * Ends whatever hold there is on these resources, and waits until it has ended.
 * @param anyones also that of another person
 * @returns whose it was
 * @throws HilError `lab.not-yours` (environment)
 */
export async function endHolds(resources: readonly string[], anyones: boolean): Promise<readonly Holder[]> {
  const ended: Holder[] = []
  for (const resource of resources) {
    using at = await visit(holdName(resource))
    const holder = asHolder(at?.greeting)
    if (at === undefined || holder === undefined) continue
    if (holder.user !== thisPerson() && !anyones) {
      throw new HilError(
        'lab.not-yours',
        `${resource} is held by ${describeHolder(holder)}, and you are ${thisPerson()}; ask them, or take it with --force`,
        { blame: 'environment', details: { resource, holder } },
      )
    }
    at.say(endWord)
    await at.gone
    ended.push(holder)
  }
  return ended
}
