import assert from 'node:assert/strict'
import { startDeadline } from '../../../../src/core/deadline.ts'
import { enterLine } from '../../../../src/drivers/framing/type-line.ts'
import { openScriptedConsole } from '../../../support/scripted-console.ts'

interface Case {
  /** What stands on the line before anything is typed. */
  readonly prompt?: string
  readonly edits?: boolean
  /** What the board says to what was written; by default the echo. */
  readonly answer?: (text: string) => string
}

const askCursor = '\x1b[6n'
const position = '\x1b[24;80R'

const isAnswer = (text: string) => text.startsWith('\x1b')

/** A line editor takes the answer and shows nothing of it. */
const echoes = (text: string) => text.replace(position, '').replace('\r', '\r\n')

/** Types `ls`. @returns what was written, by write */
async function typed({ prompt = '', edits = true, answer = echoes }: Case): Promise<readonly string[]> {
  const { console, writes, say } = await openScriptedConsole({ answer })
  using t = startDeadline(5000, 'the test')
  say(`before\n${prompt}`)
  await console.expect({ prompt: / # / }, t)
  const clear = async () => {
    writes.push('clear')
    say(`^C\n/ # ${askCursor}`)
    await console.expect({ prompt: / # / }, t)
  }
  await enterLine({ console, where: 'the shell', echoMs: 1000, clear, edits }, 'ls', t)
  return writes
}

describe('a line that is typed', () => {
  it('is sent once its echo was seen', async () => {
    assert.deepEqual(await typed({ prompt: '/ # ' }), ['ls ', '\r'])
  })

  it('is followed by where the cursor is, where a line editor has asked', async () => {
    assert.deepEqual(await typed({ prompt: `/ # ${askCursor}` }), ['ls ', `${position} `, '\r'])
  })

  it('is so too where that was asked only when it was typed already', async () => {
    const answer = (text: string) => (text === 'ls ' ? `${askCursor}${text}` : echoes(text))
    assert.deepEqual(await typed({ prompt: '/ # ', answer }), ['ls ', `${position} `, '\r'])
  })

  it('is not where something else had asked before the prompt', async () => {
    assert.deepEqual(await typed({ prompt: `${askCursor}root # ` }), ['ls ', '\r'])
  })

  it('is not where nobody edits lines', async () => {
    assert.deepEqual(await typed({ prompt: `/ # ${askCursor}`, edits: false }), ['ls ', '\r'])
  })

  it('is typed again, with no more answers, where something of the answer became part of it', async () => {
    const answer = (text: string) => (isAnswer(text) ? '[24;80R ' : echoes(text))
    const writes = await typed({ prompt: `/ # ${askCursor}`, answer })
    assert.deepEqual(writes, ['ls ', `${position} `, 'clear', 'ls ', '\r'])
  })
})
