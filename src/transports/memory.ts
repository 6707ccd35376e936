import type { OpenTransport } from '../board/transport.ts'
import { HilError } from '../core/errors.ts'
import { GuardedTransport } from './guarded-transport.ts'

/**
 * Two ends of a line in this process. What one end writes the other one reads, in order; while the
 * other end is not open it is lost, as on a cable that nobody listens to. When an end is closed, the
 * other one is hung up.
 */
export function createMemoryPair(description = 'a line in memory'): [OpenTransport, OpenTransport] {
  const ends: (GuardedTransport | undefined)[] = []
  const open =
    (own: 0 | 1, other: 0 | 1): OpenTransport =>
    (reader) => {
      const end = new GuardedTransport(description, reader, {
        async write(bytes) {
          // A turn later, as with every other line: a reader that answers at once never nests.
          const copy = Uint8Array.from(bytes)
          await Promise.resolve()
          ends[other]?.receive(copy)
        },
        release() {
          ends[own] = undefined
          ends[other]?.lose(hungUp(description))
          return Promise.resolve()
        },
      })
      ends[own] = end
      return Promise.resolve(end)
    }
  return [open(0, 1), open(1, 0)]
}

function hungUp(description: string): HilError {
  return new HilError('transport.hung-up', `the other end of ${description} was closed`, {
    blame: 'infrastructure',
  })
}
