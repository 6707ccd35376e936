import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { openOutput } from '../../../src/app/terminal.ts'

function open(isTTY: boolean, environment: Record<string, string>) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 120 })
  return openOutput(stream as unknown as NodeJS.WriteStream, environment)
}

describe('stdout', () => {
  for (const [what, isTTY, environment, isColoured] of [
    ['on a terminal', true, {}, true],
    ['in a pipe', false, {}, false],
    ['on a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['on a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['in a pipe with FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
    ['on a terminal with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
    ['on a dumb terminal', true, { TERM: 'dumb' }, false],
  ] as const) {
    it(`is ${isColoured ? 'coloured' : 'not coloured'} ${what}`, () => {
      assert.equal(open(isTTY, environment).isColoured, isColoured)
    })
  }

  it('has no live lines on a dumb terminal', () => {
    assert.equal(open(true, { TERM: 'dumb' }).isTerminal, false)
  })

  it('drops what is written after its reader went away', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: false })
    const output = openOutput(stream as unknown as NodeJS.WriteStream, {})
    stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    output.write('x')
    assert.equal(stream.read(), null)
  })
})
