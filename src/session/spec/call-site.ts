import { fileURLToPath } from 'node:url'

/**
 * Runs a call to another process so that its error points at the line of the spec that made it.
 * @param site made by the caller, at once: the frames are gone after the first `await`
 */
export async function atCallSite<T>(site: Error, body: () => Promise<T>): Promise<T> {
  try {
    return await body()
  } catch (error) {
    if (error instanceof Error) error.stack = `${error.name}: ${error.message}\n${framesOf(site)}`
    throw error
  }
}

/** `/path/a.spec.ts:3:7` of whoever called `callee`; `undefined` where that has no place. */
export function placeOfCaller(callee: (...args: never) => unknown): string | undefined {
  const site: { stack?: string } = {}
  Error.captureStackTrace(site, callee)
  const place = /^ +at (?:.*\()?(.+:\d+:\d+)\)?$/m.exec(site.stack ?? '')?.[1]
  return place?.startsWith('file:') === true ? fileURLToPath(place) : place
}

function framesOf({ stack = '' }: Error): string {
  return stack.slice(stack.indexOf('\n    at ') + 1)
}
