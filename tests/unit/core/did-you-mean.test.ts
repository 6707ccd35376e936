import assert from 'node:assert/strict'
import { closest, didYouMean } from '../../../src/core/did-you-mean.ts'

const keys = ['bootloader', 'power-off-time', 'off', 'baud', 'x86_64', 'shell']

describe('What was probably meant', () => {
  for (const [typed, meant] of [
    ['bootlaoder', 'bootloader'],
    ['botloader', 'bootloader'],
    ['bootloaders', 'bootloader'],
    ['BOOTLOADER', 'bootloader'],
    ['boot-loader', 'bootloader'],
    ['powerOffTime', 'power-off-time'],
    ['power_off_tme', 'power-off-time'],
    ['of', 'off'],
    ['x86-64', 'x86_64'],
    ['baudrate', 'baud'],
    ['powe', 'power-off-time'],
  ] as const) {
    it(`is ${meant} for ${typed}`, () => {
      assert.equal(closest(typed, keys), meant)
    })
  }

  it('is nothing where nothing is close', () => {
    for (const typed of ['', 'o', 'xyz', 'loader', 'hello'])
      assert.equal(closest(typed, keys), undefined, typed)
    assert.equal(closest('anything', []), undefined)
  })

  it('is the closest, and of several equally close the first', () => {
    assert.equal(closest('shel', ['shelf', 'shell', 'she']), 'shelf')
    assert.equal(closest('shelll', ['shelf', 'shell']), 'shell')
  })

  it('is a question to be put after a sentence', () => {
    assert.equal(didYouMean('shel', keys), '; did you mean "shell"?')
    assert.equal(didYouMean('xyz', keys), '')
  })
})
