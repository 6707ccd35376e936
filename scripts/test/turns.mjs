/**
 * Lets work begin in the order in which it was given, so many at a time.
 *
 * @param {number} atOnce
 * @returns {<T>(work: () => Promise<T>) => Promise<T>}
 */
export function takeTurns(atOnce) {
  /** @type {(() => void)[]} */
  const waiting = []
  let free = atOnce
  return async (work) => {
    if (free > 0) free--
    else await /** @type {Promise<void>} */ (new Promise((resolve) => waiting.push(resolve)))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}
