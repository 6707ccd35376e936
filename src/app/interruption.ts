/** What ends a run early. A closed terminal counts as SIGTERM: no reason to leave a board powered. */
export type Interrupt = 'SIGINT' | 'SIGTERM'

const signals = { SIGINT: 'SIGINT', SIGTERM: 'SIGTERM', SIGHUP: 'SIGTERM' } as const

/** Calls `on` for each signal, with how many came before it, until it is disposed of. */
export function onInterrupt(on: (signal: Interrupt, before: number) => void): Disposable {
  let count = 0
  const handlers = Object.entries(signals).map(([name, meaning]) => {
    const handler = () => {
      on(meaning, count++)
    }
    process.on(name, handler)
    return [name, handler] as const
  })
  return {
    [Symbol.dispose]() {
      for (const [name, handler] of handlers) process.removeListener(name, handler)
    },
  }
}
