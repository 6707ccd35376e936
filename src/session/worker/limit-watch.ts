/** What mocha has behind `this.timeout()`: without an argument it tells the limit. */
interface Limited {
  timeout?(limit?: string | number): unknown
}

/**
 * Tells each time a body changes its own limit (`this.timeout('10 min')`), also one that then blocks the
 * process: nobody could ask it any more. Until the result is disposed of.
 */
export function onLimit(runnable: Limited, changed: () => void): Disposable {
  const timeout = runnable.timeout?.bind(runnable)
  if (timeout === undefined) return { [Symbol.dispose]: () => undefined }
  runnable.timeout = (...limit) => {
    const result = timeout(...limit)
    if (limit.length > 0) changed()
    return result
  }
  return {
    [Symbol.dispose]: () => {
      delete runnable.timeout
    },
  }
}
