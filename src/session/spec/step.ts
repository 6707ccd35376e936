import { now } from '../../core/clock.ts'
import { toSerializedError } from '../../core/errors.ts'
import { specLink } from './link.ts'
import { currentPlace, runInStep } from './scope.ts'

let steps = 0

/**
 * Names a part of a test. Steps nest, and are shown with their durations in every report.
 *
 *     await step('load the module', () => board.shell.runOk('modprobe dummy'))
 */
export async function step<T>(title: string, body: () => T | Promise<T>): Promise<T> {
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
