import assert from 'node:assert/strict'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { HilError } from '../../../../src/core/errors.ts'
import { PromptSession } from '../../../../src/drivers/framing/prompt-session.ts'
import { openScriptedConsole } from '../../../support/scripted-console.ts'

const dialect = {
  name: 'test',
  status: {
    suffix: '',
    end: /\[(\d{1,3})\] /,
    barePrompt: undefined,
    outputOf: (text: string) => text,
  },
  maximumLine: 200,
  spareOfLine: 0,
  restart: /^starting/,
  recoverMs: 50,
}

interface Line {
  readonly session: PromptSession
  /** What was written, by write. */
  readonly writes: readonly string[]
}

interface LineOptions {
  readonly isLossless: boolean
  readonly charDelayMs?: number
  readonly echoMs?: number
  /** What the board says to what was written; by default the echo, and to CR `out` and the prompt. */
  readonly answer?: (text: string) => string
}

const answers = (text: string) => text.replace(/\r$/, '\r\nout\r\n[0] ')

async function openLine(options: LineOptions): Promise<Line> {
  const { echoMs = 1000, answer = answers, ...script } = options
  const { console, writes } = await openScriptedConsole({ answer, ...script })
  return { session: new PromptSession(console, { ...dialect, echoMs }), writes }
}

describe('a command at a prompt', () => {
  let t: Deadline

  beforeEach(() => {
    t = startDeadline(5000, 'the test')
  })

  afterEach(() => {
    t[Symbol.dispose]()
  })

  it('is sent whole, line end and all, on a line that loses nothing', async () => {
    const { session, writes } = await openLine({ isLossless: true })
    const { stdout, exitCode } = await session.run('true', t)
    assert.deepEqual({ stdout, exitCode, writes }, { stdout: 'out\n', exitCode: 0, writes: ['true\r'] })
  })

  it('is not sent off before its echo came on any other line', async () => {
    const { session, writes } = await openLine({ isLossless: false })
    assert.equal((await session.run('true', t)).stdout, 'out\n')
    assert.deepEqual(writes, ['true ', '\r'])
  })

  it('is not sent off before its echo came where the environment asks to type slowly', async () => {
    const { session, writes } = await openLine({ isLossless: true, charDelayMs: 0.1 })
    await session.run('true', t)
    assert.deepEqual(writes, [...'true \r'])
  })

  it('is not sent off before its echo came where it is so long that the board might cut it', async () => {
    const { session, writes } = await openLine({ isLossless: true })
    const long = `echo ${'x'.repeat(60)}`
    await session.run(long, t)
    assert.deepEqual(writes, [`${long} `, '\r'])
  })

  for (const [where, at] of Object.entries({ before: 0, into: 2, behind: 4 })) {
    it(`has its own output only when a driver speaks ${where} its echo`, async () => {
      const answer = (text: string) => answers(`${text.slice(0, at)}eth0: link is up\r\n${text.slice(at)}`)
      const { session } = await openLine({ isLossless: true, answer })
      const { stdout } = await session.run('true', t)
      assert.equal(stdout, 'out\n')
    })
  }

  it('has its own output only when a driver speaks before the line end that answers to its own', async () => {
    const answer = (text: string) =>
      answers(text.replace('\r', 'WARNING: poller is slow\r\neth0: link is up\r\n\r'))
    const { session, writes } = await openLine({ isLossless: false, answer })
    assert.equal((await session.run('true', t)).stdout, 'out\n')
    assert.deepEqual(writes, ['true ', '\r'])
  })

  it('is typed again when its line end became another character, though a driver ends a line then', async () => {
    let isGarbled = true
    const answer = (text: string) => {
      if (text === '\x03') return '\r\n[0] '
      if (text !== '\r' || !isGarbled) return answers(text)
      isGarbled = false
      return 'xWARNING: poller is slow\r\n'
    }
    const { session, writes } = await openLine({ isLossless: false, answer, echoMs: 50 })
    assert.equal((await session.run('true', t)).stdout, 'out\n')
    assert.deepEqual(writes, ['true ', '\r', '\x03', 'true ', '\r'])
  })

  it('ends in an error that leaves the board unknown when a line that loses nothing did', async () => {
    const { session } = await openLine({ isLossless: true, answer: (text) => answers(text.replace('r', '')) })
    await assert.rejects(session.run('true', t), (error) => {
      assert.ok(error instanceof HilError)
      assert.equal(error.code, 'command.wrong-echo')
      assert.equal(error.blame, 'infrastructure')
      assert.match(error.message, /was sent "true" on a line that loses nothing, and echoed "tue\\nout\\n"/)
      return true
    })
    await assert.rejects(session.run('true', t), { code: 'command.revoked' })
  })
})
