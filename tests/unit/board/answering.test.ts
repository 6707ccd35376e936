import assert from 'node:assert/strict'
import { probe, whoAnswers, type Answering } from '../../../src/board/answering.ts'
import type { Transport } from '../../../src/board/transport.ts'
import { startDeadline } from '../../../src/core/deadline.ts'
import { createMemoryPair } from '../../../src/transports/memory.ts'
import { openConsoleBench } from '../../support/console-bench.ts'
import { createTestContext, type TestContext } from '../../support/driver-context.ts'

describe('Asking who is on a line', () => {
  let context: TestContext

  beforeEach(async () => {
    context = await createTestContext()
  })
  afterEach(() => context.release())

  /** A line on which whatever is typed is answered with this. */
  async function lineThatSays(answer: string) {
    const sent: string[] = []
    const [ours, theirs] = createMemoryPair()
    const bench = await openConsoleBench(ours, context.undo)
    const board: Transport = await theirs({
      data: (bytes) => {
        sent.push(Buffer.from(bytes).toString())
        void board.write(Buffer.from(answer))
      },
      closed: () => undefined,
    })
    context.undo.defer('the board', () => board.close())
    return { console: bench.take(), say: (text: string) => board.write(Buffer.from(text)), sent }
  }

  const asked = (answers: Answering<string>['answers'], answerWithin = 60_000): Answering<string> => ({
    answers,
    answerWithin,
    recognise: (_console, { which, text }) => Promise.resolve(`${which}: ${text}`),
  })
  const shell = asked({ prompt: /^[^\n]{0,20}[#$] $/, login: 'login: ' })
  const bootloader = asked({ prompt: '=> ' })

  it('takes one empty line for all of them', async () => {
    using t = startDeadline(10_000, 'the test')
    const { console, sent } = await lineThatSays('\r\n=> ')
    const found = await whoAnswers(console, { shell, bootloader }, t)
    assert.deepEqual([found?.who, found?.answer.which, found?.answer.text], ['bootloader', 'prompt', '=> '])
    assert.deepEqual(sent, ['\x15\r'])
  })

  it('tells which answer of whom it was, to whoever has to go on from there', async () => {
    using t = startDeadline(10_000, 'the test')
    const { console } = await lineThatSays('\r\nrock3a login: ')
    assert.equal(await probe(console, shell, t), 'login: login: ')
  })

  it('takes the first who is named, where two answer alike', async () => {
    using t = startDeadline(10_000, 'the test')
    const vendor = asked({ prompt: 'MX6 # ' })
    const { console } = await lineThatSays('\r\nMX6 # ')
    assert.equal((await whoAnswers(console, { shell, bootloader: vendor }, t))?.who, 'shell')
    assert.equal((await whoAnswers(console, { bootloader: vendor, shell }, t))?.who, 'bootloader')
  })

  it('takes nothing that was said before it asked', async () => {
    using t = startDeadline(10_000, 'the test')
    const { console, say } = await lineThatSays('\r\n=> ')
    await say('\r\n/ # ')
    assert.equal((await whoAnswers(console, { shell, bootloader }, t))?.who, 'bootloader')
  })

  it('waits as long as the slowest of them may take, and finds nobody', async () => {
    using t = startDeadline(10_000, 'the test')
    const { console } = await lineThatSays('')
    const waits: number[] = []
    const within = t.within.bind(t)
    t.within = (ms, what) => {
      waits.push(ms)
      return within(1, what)
    }
    assert.equal(await whoAnswers(console, { one: asked({}, 30), two: asked({ a: 'a' }, 70) }, t), undefined)
    assert.deepEqual(waits, [70])
  })

  it('fails where the time of the whole is over', async () => {
    using t = startDeadline(10, 'all of it')
    const { console } = await lineThatSays('')
    await assert.rejects(whoAnswers(console, { shell }, t), { code: 'deadline.exceeded' })
  })
})
