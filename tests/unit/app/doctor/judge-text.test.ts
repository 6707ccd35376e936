import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { judgeText, quoteText } from '../../../../src/app/doctor/judge-text.ts'

const boot = Buffer.from(
  '\r\n\x1b[1mU-Boot 2025.01\x1b[0m\r\nDRAM:  2 GiB\r\nHit any key to stop autoboot:  3 \b\b\b 2 \r\n',
)

describe('What a board says', () => {
  it('is text with colours, bells and counters in it', () => {
    assert.equal(judgeText(boot), 'text')
  })

  it('is text also where a boot ROM spoke at another rate before', () => {
    assert.equal(judgeText(Buffer.concat([Buffer.alloc(60, 0xf8), boot])), 'text')
  })

  it('is garbage where most of it is none, or all of it is one character', () => {
    assert.equal(
      judgeText(Buffer.from(Array.from({ length: 100 }, (_, index) => 0x80 + (index % 120)))),
      'garbage',
    )
    assert.equal(judgeText(Buffer.alloc(100, 0)), 'garbage')
    assert.equal(judgeText(Buffer.alloc(100, 'x')), 'garbage')
    for (let attempt = 0; attempt < 20; attempt += 1) assert.notEqual(judgeText(randomBytes(400)), 'text')
  })

  it('is noisy where some of it is none', () => {
    const noisy = Buffer.from(boot)
    for (let at = 5; at < noisy.length; at += 11) noisy[at] = 0xe0
    assert.equal(judgeText(noisy), 'noisy')
  })

  it('is not judged by a byte or two', () => {
    assert.equal(judgeText(boot.subarray(0, 20)), 'too-little')
  })

  it('is quoted in one line, without what terminals are told', () => {
    assert.equal(quoteText(boot, 30), '"U-Boot 2025.01 DRAM: 2 GiB Hit..."')
  })
})
