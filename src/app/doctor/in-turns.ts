/**
 * Does work for everything at once, but for what needs the same thing one after the other, in the order given.
 * @param needs what each needs for itself alone
 */
export function inTurns<Item, Result>(
  items: readonly Item[],
  needs: (item: Item) => readonly string[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const ends = new Map<string, Promise<unknown>>()
  return Promise.all(
    items.map((item) => {
      const needed = needs(item)
      const earlier = needed.map((name) => ends.get(name) ?? Promise.resolve())
      const result = Promise.all(earlier).then(() => work(item))
      const end = result.catch(() => undefined)
      for (const name of needed) ends.set(name, end)
      return result
    }),
  )
}
