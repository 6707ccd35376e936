import assert from 'node:assert/strict'
import { RecentText } from '../../../src/console/recent-text.ts'

describe('the last lines of a console', () => {
  const linesOf = (text: string, count: number) => {
    const recent = new RecentText()
    for (const character of text) recent.push(character)
    return recent.lastLines(count)
  }

  it('are as many as were asked for, oldest first, or all there are', () => {
    assert.deepEqual(linesOf('one\ntwo\nthree\n', 2), ['two', 'three'])
    assert.deepEqual(linesOf('one\ntwo\nthree\n', 9), ['one', 'two', 'three'])
    assert.deepEqual(linesOf('\n\nthree\n', 9), ['', '', 'three'])
    assert.deepEqual(linesOf('', 2), [])
  })

  it('end in the unfinished one up to the cursor, unless nothing is seen of it', () => {
    assert.deepEqual(linesOf('one\nlogin: ', 2), ['one', 'login: '])
    assert.deepEqual(linesOf('one\nlogin: ', 1), ['login: '])
    assert.deepEqual(linesOf('one\ntwo\n  ', 1), ['two'])
  })

  it('are what a terminal shows of them', () => {
    assert.deepEqual(linesOf('50%\r100%\r\nab\bc\x07 \n', 2), ['100%', 'ac'])
  })

  it('are there of a console that has said far more than is kept', () => {
    const recent = new RecentText(100)
    for (let number = 0; number < 1000; number++) recent.push(`line ${number}\n`)
    assert.deepEqual(recent.lastLines(2), ['line 998', 'line 999'])
    assert.ok(recent.lastLines(1000).length <= 100)
  })
})
