import assert from 'node:assert/strict'
import fc from 'fast-check'
import { showLine, styleAfter, plain } from '../../../../src/report/html/page/ansi.js'
import { renderConsoleText } from '../../../../src/report/rendered-text.ts'

function shown(raw: string): readonly (readonly [string, string])[] {
  const { text, runs } = showLine(raw)
  return runs.map(({ from, to, style }) => [text.slice(from, to), style.classes] as const)
}

describe('what a report shows of a console line', () => {
  it('has the colours that were asked for', () => {
    assert.deepEqual(shown('\x1b[1;31mred\x1b[0m plain \x1b[92mbright'), [
      ['red', 'bold f1'],
      [' plain ', ''],
      ['bright', 'f10'],
    ])
  })

  it('knows the 256 colours, and colours by their parts', () => {
    assert.equal(styleAfter(plain, '38;5;9').classes, 'f9')
    assert.equal(styleAfter(plain, '38;5;196').color, 'rgb(255 0 0)')
    assert.equal(styleAfter(plain, '48;5;244').background, 'rgb(128 128 128)')
    assert.equal(styleAfter(plain, '38;2;1;2;300').color, 'rgb(1 2 255)')
  })

  it('ends each attribute by the code for it', () => {
    const all = styleAfter(plain, '1;3;4;7;9;31;42')
    assert.equal(all.classes, 'b2 bold f1 inverse italic struck underlined')
    assert.equal(styleAfter(all, '22;23;24;27;29;39;49'), plain)
  })

  it('does what carriage return, backspace and erase do', () => {
    assert.equal(showLine('   3\b\b\b\b   2').text, '   2')
    assert.equal(showLine('loading 10%\rloading 20%').text, 'loading 20%')
    assert.equal(showLine('gone\r\x1b[Kstays').text, 'stays')
  })

  it('shows nothing of titles, links and other control strings', () => {
    assert.equal(showLine('a\x1b]0;evil\x07b\x1b]8;;http://x\x1b\\c\x1bP1$r\x1b\\d').text, 'abcd')
  })

  it('shows the text that console.log holds, whatever comes', () => {
    const part = fc.oneof(
      fc.constantFrom('\r', '\b', '\t', '\x1b[K', '\x1b[1K', '\x1b[2D', '\x1b[3C', '\x1b[5G', '\x1b[31m'),
      fc.constantFrom('\x1b]0;t\x07', '\x1b[', '\x1b', '\x9b', '\0', '\x7f', '\u202e', '<b>', '日'),
      fc.string({ maxLength: 8 }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const raw = `${parts.join('').replaceAll(/[\n]|(?:\x1b\[|\x9b)[0-?]*[ -/]*[Hf]/g, '')}.`
        fc.pre(!/(?:\x1b\[|\x9b)[0-?]*[ -/]*[Hf]/.test(raw))
        assert.deepEqual([showLine(raw).text], renderConsoleText(raw))
      }),
      { examples: [[[' ', '\x1b[1K', '\r']]] },
    )
  })

  it('takes a megabyte without a line end in its stride', () => {
    const started = performance.now()
    assert.equal(showLine('\x1b[31m\b'.repeat(200_000)).text, '')
    assert.ok(performance.now() - started < 2000)
  })
})
