import assert from 'node:assert/strict'
import type { BootProof } from '../../../src/core/events.ts'
import type { Paint } from '../../../src/report/terminal/paint.ts'
import { proofLine } from '../../../src/report/terminal/proof-line.ts'

const proof: BootProof = {
  type: 'boot-proof',
  board: 'rock3a',
  stage: 'userspace',
  result: 'proven',
  links: [],
  seen: {},
}

const plain: Paint = (_style, text) => text
const long = `the boot command: the bootloader reports ${'replacement OS: FIT(/mnt/hil/image.fit), '.repeat(9)}`

describe('What the terminal says of the proof of a boot', () => {
  it('is one line with the weakest link, cut where that is long', () => {
    const line = proofLine({ ...proof, weakest: long }, plain) ?? ''
    assert.match(line, /^rock3a: boot proven to userspace; weakest link: the boot command: .*…$/)
    assert.ok(line.length < 140)
  })

  it('is all of what is not proven', () => {
    const line = proofLine({ ...proof, result: 'broken', weakest: long }, plain)
    assert.equal(line, `not proven: rock3a: ${long.trimEnd()}`)
  })

  it('is nothing where nothing was to be proven', () => {
    assert.equal(proofLine({ ...proof, result: 'not-needed' }, plain), undefined)
  })
})
