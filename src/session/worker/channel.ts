import type { FromWorker, ToWorker } from '../group/protocol.ts'

/** The way to the parent. */
export type Send = (message: FromWorker) => void

export const send: Send = (message) => {
  // The parent may be gone, or may have hung up because the run was interrupted.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
}

/**
 * A worker lives as long as its parent says, and not without one: no spec may go on unwatched. Ctrl-C
 * reaches every process of a terminal, but it is the parent that ends the run in order.
 */
export function listen(onMessage: (message: ToWorker) => void): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
  process.on('message', (message) => {
    onMessage(message as ToWorker)
  })
  process.on('disconnect', () => {
    // process.exit() would wait for what a spec has under way on Node's threads, such as a FIFO that nobody opens.
    process.emit('exit', 0)
    process.kill(process.pid, 'SIGKILL')
  })
}
