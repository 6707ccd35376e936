import { inspect } from 'node:util'
import { now } from '../../core/clock.ts'
import { HilError, toSerializedError } from '../../core/errors.ts'
import { specLink } from './link.ts'
import { currentPlace, runInStep } from './scope.ts'

let steps = 0

/**
 * Names a part of a test. Steps nest, and are shown with their durations in every report.
 *
 *     await step('load the module', () => board.shell.runOk('modprobe dummy'))
 */
export async function step<T>(title: string, body: () => T | Promise<T>): Promise<T> {
  assertStep(title, body)
  const link = specLink('step')
  const place = currentPlace()
  if (place === undefined) return body()
  const id = String(++steps)
  const startedAt = now()
  const { test } = place.scope
  const parent = place.step
  link.step({
    type: 'step',
    id,
    begins: true,
    title,
    ...(parent !== undefined && { parent }),
    ...(test !== undefined && { test }),
  })
  const end = (error?: unknown) => {
    const durationMs = now() - startedAt
    link.step({
      type: 'step',
      id,
      begins: false,
      durationMs,
      ...(error !== undefined && { error: toSerializedError(error) }),
    })
  }
  try {
    const result = await runInStep(place, id, body)
    end()
    return result
  } catch (error) {
    end(error)
    throw error
  }
}

/** Specs need not be type-checked. */
function assertStep(title: unknown, body: unknown): void {
  if (typeof title === 'string' && typeof body === 'function') return
  const wrong = typeof title === 'string' ? body : title
  throw new HilError(
    'spec.bad-step',
    `step takes a title and a function, step('load the module', () => ...), not ${inspect(wrong, { depth: 0 })}; a limit of time is that of the test (this.timeout) or of what is called in it`,
    { blame: 'test' },
  )
}
