import assert from 'node:assert/strict'
import type { RunEvent } from '../../../src/core/events.ts'
import { createEventBus, readerError } from '../../../src/session/event-bus.ts'

const note = { type: 'note', level: 'info', message: 'hello' } as const

describe('createEventBus', () => {
  it('gives every event its time and hands it to all readers in order', () => {
    const seen: (readonly [string, RunEvent])[] = []
    const reader = (name: string) => ({ name, event: (event: RunEvent) => seen.push([name, event]) })
    const { emit, failures } = createEventBus([reader('a'), reader('b')])
    emit(note)
    emit({ ...note, message: 'again' })
    assert.deepEqual(
      seen.map(([name, event]) => [name, event.type === 'note' && event.message]),
      [
        ['a', 'hello'],
        ['b', 'hello'],
        ['a', 'again'],
        ['b', 'again'],
      ],
    )
    const times = seen.map(([, { t }]) => t)
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    )
    assert.equal(readerError(failures()), undefined)
  })

  it('cuts off a reader that throws, remembers it, and goes on with the others', () => {
    const seen: string[] = []
    const broken = () => {
      seen.push('broken')
      throw new Error('disk full')
    }
    const { emit, failures } = createEventBus([
      { name: 'junit.xml', event: broken },
      { name: 'good', event: () => seen.push('good') },
    ])
    emit(note)
    emit(note)
    assert.deepEqual(seen, ['broken', 'good', 'good'])
    assert.deepEqual(
      failures().map(({ reader }) => reader),
      ['junit.xml'],
    )
    assert.equal(readerError(failures())?.blame, 'hil')
  })
})
