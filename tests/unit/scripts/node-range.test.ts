import assert from 'node:assert/strict'
import { satisfiesRange } from '../../../scripts/setup/node-range.mjs'

describe('the range of Node versions', () => {
  const range = '^20.19 || >=22.13'

  for (const version of ['20.19.0', '20.20.2', '22.13.0', '22.14.1', '23.0.0', '24.1.0', '100.0.0']) {
    it(`takes ${version}`, () => assert.equal(satisfiesRange(version, range), true))
  }

  for (const version of [
    '12.22.0',
    '18.20.8',
    '20.9.0',
    '20.18.3',
    '21.7.3',
    '22.0.0',
    '22.12.0',
    '2.30.0',
  ]) {
    it(`refuses ${version}`, () => assert.equal(satisfiesRange(version, range), false))
  }

  it('throws for a range it does not understand, rather than to let every Node pass', () => {
    assert.throws(() => satisfiesRange('20.19.0', '20.x'), /"20\.x" in engines/)
  })
})
