import type { FromWorker, ToWorker } from '../protocol.ts'

/** The way to the parent. */
export type Send = (message: FromWorker) => void

export const send: Send = (message) => {
  // The parent may be gone, or may have hung up because the run was interrupted.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
}

/** A worker without a parent has nothing to live for: no spec may go on unwatched. */
export function listen(onMessage: (message: ToWorker) => void): void {
  process.on('message', (message) => {
    onMessage(message as ToWorker)
  })
  process.on('disconnect', () => {
    process.exit(0)
  })
}
