/**
 * Ends with the interruption, or when the time is used up that a plan gives: to a night, and again each time that it goes
 * on, for whoever resumes it wants it to.
 */
export function timeBox(
  timeMs: number | undefined,
  interrupt: AbortSignal,
): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController()
  const onInterrupt = () => {
    controller.abort(interrupt.reason instanceof Error ? interrupt.reason.message : interrupt.reason)
  }
  interrupt.addEventListener('abort', onInterrupt, { once: true })
  const timer =
    timeMs === undefined
      ? undefined
      : setTimeout(() => {
          controller.abort('the time that the plan gives is used up')
        }, timeMs)
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer)
      interrupt.removeEventListener('abort', onInterrupt)
    },
  }
}
