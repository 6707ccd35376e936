import assert from 'node:assert/strict'
import { ConsoleText } from '../../../src/report/console-text.ts'
import { plainText, renderConsoleText } from '../../../src/report/rendered-text.ts'

/** What the lines of some chunks are; a chunk of bytes is one that is no UTF-8 text. */
function linesOf(...chunks: readonly (string | Uint8Array)[]): readonly string[] {
  const lines: string[] = []
  const text = new ConsoleText((line) => lines.push(line.text))
  chunks.forEach((chunk, index) => {
    text.push(
      typeof chunk === 'string' ? { text: chunk } : { base64: Buffer.from(chunk).toString('base64') },
      index,
    )
  })
  text.breakLine()
  return lines
}

describe('console text', () => {
  it('takes CR LF, LF and doubled CRs for one line end', () => {
    assert.deepEqual(linesOf('a\r\nb\nc\r\r\nd'), ['a', 'b', 'c', 'd'])
  })

  it('keeps empty lines', () => {
    assert.deepEqual(linesOf('a\n\nb\n'), ['a', '', 'b'])
  })

  it('joins lines and escape sequences that were cut anywhere', () => {
    const whole = Buffer.from('x\x1b[1;31mred\x1b[0m\r\nMarek 🙂\r\n')
    for (let cut = 1; cut < whole.length; cut++) {
      const lines = linesOf(whole.subarray(0, cut), whole.subarray(cut))
      assert.deepEqual(lines, ['xred', 'Marek 🙂'], `cut at ${cut}`)
    }
  })

  it('joins a UTF-8 character that was cut, and marks bytes that are none', () => {
    const [a, b] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)]
    assert.deepEqual(linesOf(a, b, '\n', new Uint8Array([0x41, 0xff]), 'B\n'), ['é', 'A�B'])
  })

  it('shows what a terminal would: carriage returns overwrite, backspaces go back, erasing erases', () => {
    assert.deepEqual(renderConsoleText('10%\r20%'), ['20%'])
    assert.deepEqual(renderConsoleText('Hit any key:  3\b\b\b  2'), ['Hit any key:  2'])
    assert.deepEqual(renderConsoleText('barebox@board:/ garbage\x1b[7D\x1b[Kls'), ['barebox@board:/ ls'])
    assert.deepEqual(renderConsoleText('a\tb'), ['a       b'])
  })

  it('begins a new line where a menu sets the cursor', () => {
    assert.deepEqual(renderConsoleText('\x1b[2J\x1b[1;1HMenu\x1b[3;4H1: boot\x1b[4;4H2: shell'), [
      'Menu',
      '1: boot',
      '2: shell',
    ])
  })

  it('lets no control get through, whatever a board sends', () => {
    const hostile = [
      '\x1b]0;title\x07',
      '\x1b]52;c;Zm9v\x1b\\',
      '\x9b31m',
      '\x90+q\x9c',
      '\x1bP+q\x1b\\',
      '\x1bc\x1b(0',
      '\x1b[?1049h\x1b[999999999C',
      '\0\x07\x0e\x0f\x7f\x85',
      '‮evil',
    ]
    const shown = linesOf(`${hostile.join('-')}end\n`).join('\n')
    assert.doesNotMatch(shown, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
    assert.match(shown, /end$/)
  })

  it('keeps the text of a control string that is never ended', () => {
    assert.deepEqual(linesOf('\x1b]0;Kernel panic\nnext\n'), ['0;Kernel panic', 'next'])
  })

  it('goes on in a new line where one is too long, and loses nothing', () => {
    const long = 'x'.repeat(1_000_000)
    const lines = linesOf(long.slice(0, 300_000), long.slice(300_000), '\nnext\n')
    assert.equal(lines.slice(0, -1).join(''), long)
    assert.ok(lines.every(({ length }) => length <= 4096))
    assert.equal(lines.at(-1), 'next')
  })

  it('gives out an unfinished line once, and then only its rest', () => {
    const lines: string[] = []
    const text = new ConsoleText((line) => lines.push(line.text))
    text.push({ text: '=> ' }, 1)
    assert.equal(text.unfinished, '=> ')
    text.breakLine()
    text.push({ text: 'version\r\n' }, 2)
    text.push({ text: '=> ' }, 3)
    text.breakLine()
    text.push({ text: '\r\n' }, 4)
    assert.deepEqual(lines, ['=> ', 'version', '=> '])
  })

  it('leaves the lines of other text as they are', () => {
    assert.equal(plainText('a\n\x1b[1mb\x1b[0m\n'), 'a\nb\n')
  })
})
