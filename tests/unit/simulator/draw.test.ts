import assert from 'node:assert/strict'
import { drawFault, drawSchema } from '../../../src/simulator/faults/draw.ts'
import { everyFault } from '../../../src/simulator/faults/every-fault.ts'
import { faultNames } from '../../../src/simulator/faults/schema.ts'

describe('A fault that is drawn for a run', () => {
  const draw = (board: string, options: object, runs: number) =>
    Array.from({ length: runs }, () => drawFault(drawSchema.parse(options), board))

  it('comes in about the share of the runs that was asked for', () => {
    const struck = draw('dice', { rate: 0.05 }, 4000).filter((fault) => fault !== undefined).length
    assert.ok(struck > 140 && struck < 260, String(struck))
    assert.ok(draw('well', { rate: 0 }, 100).every((fault) => fault === undefined))
  })

  it('is of every kind, at every point', () => {
    const drawn = new Set(draw('sick', { rate: 1 }, 2000).map((fault) => JSON.stringify(fault)))
    assert.deepEqual(drawn, new Set(everyFault().map((fault) => JSON.stringify(fault))))
    assert.deepEqual(new Set(everyFault().map(({ name }) => name)), new Set(faultNames))
  })

  it('is one of those that may come', () => {
    const drawn = draw('hot', { rate: 1, among: ['panic', 'power'] }, 200)
    assert.deepEqual(new Set(drawn.map((fault) => fault?.name)), new Set(['panic', 'power']))
  })

  it('is another one for each run and each board of one seed', () => {
    const [one, other] = ['left', 'right'].map((board) => JSON.stringify(draw(board, { rate: 1 }, 20)))
    assert.notEqual(one, other)
    assert.notEqual(JSON.stringify(draw('left', { rate: 1 }, 20)), one)
  })
})
