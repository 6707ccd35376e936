import assert from 'node:assert/strict'
import { formatUndoFailures, UndoStack } from '../../../src/core/undo-stack.ts'

describe('UndoStack', () => {
  it('undoes in reverse, one after the other, all of it, and tells what failed', async () => {
    const done: string[] = []
    const undo = new UndoStack()
    undo.defer('giving back the lock', () => done.push('lock'))
    undo.defer('closing the console', () => Promise.reject(new Error('port vanished')))
    undo.defer('ending QEMU', async () => {
      await new Promise((resolve) => setImmediate(resolve))
      done.push('QEMU')
    })
    const failures = await undo.run()
    assert.deepEqual(done, ['QEMU', 'lock'])
    assert.equal(formatUndoFailures(failures), 'closing the console: port vanished')
  })

  it('undoes nothing twice', async () => {
    let times = 0
    const undo = new UndoStack()
    undo.defer('counting', () => times++)
    await undo.run()
    assert.deepEqual(await undo.run(), [])
    assert.equal(times, 1)
  })
})
