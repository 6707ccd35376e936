import assert from 'node:assert/strict'
import { findAll } from '../../../../src/report/html/page/finder.js'
import { Listing } from '../../../../src/report/html/page/listing.js'
import { Recording } from '../../../../src/report/html/page/recording.js'
import type { ConsolePiece } from '../../../../src/report/html/page-data.ts'

function received(...pieces: readonly (readonly [t: number, text: string])[]): ConsolePiece[] {
  let byte = 0
  return pieces.map(([t, text]) => {
    const piece: ConsolePiece = [t, 'received', text, byte]
    byte += Buffer.byteLength(text)
    return piece
  })
}

function linesOf(recording: Recording): string[] {
  return Array.from({ length: recording.lineCount }, (_, line) => recording.show(line).text)
}

describe('the recording of a console in a report', () => {
  it('is cut into lines wherever the pieces are cut', () => {
    const recording = new Recording(received([1, 'U-Bo'], [2, 'ot\r\nDRAM'], [3, ': 1 GiB\r'], [4, '\n=> ']))
    assert.deepEqual(linesOf(recording), ['U-Boot', 'DRAM: 1 GiB', '=> '])
    assert.deepEqual(recording.timesOf(1), [2, 4])
  })

  it('shows what had arrived of a line at a moment', () => {
    const recording = new Recording(received([10, 'Hit any key:'], [20, '   3'], [30, '\b\b\b\b   2']))
    assert.equal(recording.show(0, recording.arrivedAt(5)).text, '')
    assert.equal(recording.show(0, recording.arrivedAt(20)).text, 'Hit any key:   3')
    assert.equal(recording.show(0, recording.arrivedAt(1000)).text, 'Hit any key:   2')
  })

  it('goes on in the colour of the line before', () => {
    const recording = new Recording(received([1, '\x1b[31mred\nstill\x1b[0m\nplain\n']))
    assert.deepEqual(
      [0, 1, 2].map((line) => recording.show(line).runs[0]?.style.classes),
      ['f1', 'f1', ''],
    )
  })

  it('finds the first character that came in a step, and the character of a byte', () => {
    const recording = new Recording(received([1, 'é\n'], [5, 'second\n'], [9, 'third\n']))
    assert.equal(recording.lineAt(recording.firstFrom(4)), 1)
    assert.equal(recording.lineAt(recording.firstFrom(5)), 1)
    assert.equal(recording.lineAt(recording.firstFrom(100)), 2)
    assert.equal(recording.lineAt(recording.characterOfByte(3)), 1)
    assert.equal(recording.lineAt(recording.characterOfByte(2)), 0)
  })

  it('cuts a line that does not end', () => {
    const recording = new Recording(received([1, 'x'.repeat(1_000_000)]))
    assert.equal(recording.lineCount, Math.ceil(1_000_000 / 4096))
    assert.equal(linesOf(recording).join('').length, 1_000_000)
  })

  it('holds millions of empty lines', () => {
    const recording = new Recording(received([1, '\n'.repeat(4_000_000)]))
    assert.equal(new Listing(recording, { columns: 80, showsSent: false }).rowCount, 4_000_000)
  })

  it('lists what was sent after the line during which it was sent, when asked to', () => {
    const pieces: ConsolePiece[] = [
      [1, 'received', '=> ', 0],
      [2, 'sent', 'ver', 3],
      [3, 'received', 'version\nU-Boot\n', 3],
      [4, 'sent', 'sion\r', 20],
      [5, 'sent', '\x03', 20],
      [6, 'note', 'unplugged', 20],
    ]
    const recording = new Recording(pieces)
    const texts = (listing: Listing) =>
      Array.from({ length: listing.length }, (_, at) => listing.show(at).text)
    assert.deepEqual(texts(new Listing(recording, { columns: 80, showsSent: true })), [
      '=> version',
      'version',
      'U-Boot',
      '^C',
      'unplugged',
    ])
    assert.deepEqual(texts(new Listing(recording, { columns: 80, showsSent: false })), [
      '=> version',
      'U-Boot',
      'unplugged',
    ])
  })

  it('takes as many rows as a line needs', () => {
    const listing = new Listing(new Recording(received([1, `${'x'.repeat(25)}\n\x1b[31mshort\x1b[0m\n`])), {
      columns: 10,
      showsSent: false,
    })
    assert.deepEqual([listing.rowOf(0), listing.rowOf(1), listing.rowCount], [0, 3, 4])
    assert.equal(listing.entryOfRow(2), 0)
  })

  it('is searched without regard to case, in what is shown', () => {
    const listing = new Listing(new Recording(received([1, 'Kernel \x1b[31mPA\x1b[0mNIC\npanic panic\n'])), {
      columns: 80,
      showsSent: false,
    })
    assert.deepEqual(findAll(listing, 'panic'), [
      { entry: 0, from: 7, to: 12 },
      { entry: 1, from: 0, to: 5 },
      { entry: 1, from: 6, to: 11 },
    ])
  })
})
