import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { TextStream } from '../../../src/console/text-stream.ts'

function read(bytes: Uint8Array, cuts: readonly number[] = []): string {
  const stream = new TextStream()
  let text = ''
  let from = 0
  for (const cut of [...cuts, bytes.length]) {
    text += stream.push(bytes.subarray(from, cut))
    from = cut
  }
  return text
}

describe('console text', () => {
  it('takes out colours, cursor queries, titles and private modes', () => {
    const bytes = Buffer.from('\x1b[1;32mbarebox@\x1b[0m \x1b[6n\x1b[?25h\x1b]0;title\x07\x1b(B\x1b=ok')
    assert.equal(read(bytes), 'barebox@ ok')
  })

  it('says where the terminal was asked for its cursor, wherever that is cut', () => {
    const bytes = Buffer.from('a\r\n\x1b[1m/ # \x1b[0m\x1b[6nls')
    for (let cut = 0; cut <= bytes.length; cut++) {
      const stream = new TextStream()
      let text = ''
      let asked: string | undefined
      for (const part of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
        const next = stream.push(part)
        if (stream.cursorAskedAt !== undefined) asked = text + next.slice(0, stream.cursorAskedAt)
        text += next
      }
      assert.equal(asked, 'a\n/ # ', `cut at ${cut}`)
    }
  })

  it('makes any run of CR before LF one LF and keeps a CR that overwrites its line', () => {
    assert.equal(read(Buffer.from('a\r\nb\r\r\nc\rd\n')), 'a\nb\nc\rd\n')
  })

  it('replaces bytes that are not UTF-8 and goes on', () => {
    assert.equal(read(Buffer.from([0x61, 0xff, 0x62])), 'a\ufffdb')
  })

  it('reads a recording the same way wherever it is cut', () => {
    const bytes = readFileSync(
      new URL('../../fixtures/transcripts/barebox-errors-and-reset.log', import.meta.url),
    )
    const whole = read(bytes)
    for (let cut = 1; cut < bytes.length; cut++) assert.equal(read(bytes, [cut]), whole, `cut at ${cut}`)
    const everywhere = Array.from({ length: bytes.length - 1 }, (_, i) => i + 1)
    assert.equal(read(bytes, everywhere), whole)
  })

  it('reads any mix of escapes, CRs and UTF-8 the same way wherever it is cut', () => {
    const piece = fc.constantFrom(
      '\x1b',
      '[',
      '1;3',
      'm',
      ']',
      '\x07',
      '\\',
      '\r',
      '\n',
      'é',
      '漢',
      'x',
      '\x1b[0m',
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.array(fc.nat(120), { maxLength: 6 }),
        (pieces, cuts) => {
          const end = 'end of this piece'
          const bytes = Buffer.from(pieces.join('') + end)
          const ordered = [...new Set(cuts.filter((cut) => cut < bytes.length))].sort((a, b) => a - b)
          assert.equal(read(bytes, ordered), read(bytes))
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('does not hold back a control sequence that never ends', () => {
    const stream = new TextStream()
    let text = stream.push(Buffer.from('\x1b]0;'))
    for (let i = 0; i < 100; i++) text += stream.push(Buffer.from('x'.repeat(100)))
    assert.ok(text.length > 8000, `${text.length} characters came out`)
  })
})
