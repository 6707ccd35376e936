import type { Deadline } from './deadline.ts'

/** How long work that ran out of time may take to say what it was waiting for, in milliseconds. */
const longestGraceMs = 500

/**
 * `work`, or its failure when `t` is over. What the work itself says about the missed deadline (what
 * it waited for, what it saw) is worth more than that time ran out, so it gets a moment to say so.
 * @param graceMs that moment: shorter for work within work, so that what it says is still heard outside
 */
export async function finishBy<T>(
  work: Promise<T>,
  t: Deadline,
  graceMs: number = longestGraceMs,
): Promise<T> {
  try {
    return await t.race(work)
  } catch (error) {
    if (!t.signal.aborted) throw error
    throw (await failureOf(work, graceMs)) ?? error
  }
}

async function failureOf(work: Promise<unknown>, graceMs: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined
  const grace = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined)
    }, graceMs)
  })
  try {
    return await Promise.race([
      work.then(
        () => undefined,
        (error: unknown) => error,
      ),
      grace,
    ])
  } finally {
    clearTimeout(timer)
  }
}
