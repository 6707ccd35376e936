import assert from 'node:assert/strict'
import type { OpenTransport, TransportReader } from '../../../../src/board/transport.ts'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { UndoStack } from '../../../../src/core/undo-stack.ts'
import { logIn } from '../../../../src/drivers/shell/linux/log-in.ts'
import { openConsoleBench } from '../../../support/console-bench.ts'

describe('Logging in', () => {
  let undo: UndoStack
  let reader: TransportReader | undefined
  let typed: string
  /** What the board says to what is typed. */
  let answers: Record<string, string>

  beforeEach(() => {
    undo = new UndoStack()
    typed = ''
    answers = {}
  })

  afterEach(() => undo.run())

  /** @param words what the board says in each wait, one after the other; nothing: the wait ends in silence */
  async function logInWhileItSays(words: readonly string[]): Promise<void> {
    const open: OpenTransport = (given) => {
      reader = given
      return Promise.resolve({
        description: 'a board',
        write: (bytes) => {
          const text = Buffer.from(bytes).toString()
          typed += text
          say(answers[text] ?? '')
          return Promise.resolve()
        },
        close: () => Promise.resolve(),
      })
    }
    const console = (await openConsoleBench(open, undo)).take()
    using t = startDeadline(60_000, 'test')
    const left = [...words]
    const toldOfWaits: Deadline = {
      ...{ label: t.label, signal: t.signal },
      ...{ remaining: () => t.remaining(), chain: () => t.chain(), race: (work) => t.race(work) },
      throwIfOver: () => {
        t.throwIfOver()
      },
      within: (ms, label) => {
        // Once the wait has begun.
        queueMicrotask(() => {
          say(left.shift() ?? '')
        })
        return t.within(ms, label)
      },
      [Symbol.dispose]: () => undefined,
    }
    const options = {
      ...{ user: 'root', password: undefined, nudgeAfterMs: 5 },
      ...{ prompt: /[#$] $/, loginPrompt: /login: $/ },
    }
    await logIn(console, options, toldOfWaits)
    assert.deepEqual(left, [], 'more waits than there were')
  }

  function say(text: string): void {
    if (text !== '') reader?.data(Buffer.from(text))
  }

  it('types nothing at a board that goes on talking', async () => {
    await logInWhileItSays(['[1.0] a\n', '[1.1] b\n', '[1.2] c\n', '# '])
    assert.equal(typed, '')
  })

  it('types one Enter in a silence, however long that lasts', async () => {
    await logInWhileItSays(['', '', '', '', '', '# '])
    assert.equal(typed, '\r')
  })

  it('types another in the next silence, after the board has said something', async () => {
    await logInWhileItSays(['', '', '[1.0] a kernel line\n', '', '', '', '# '])
    assert.equal(typed, '\r\r')
  })

  it('gets the login prompt that was hidden to show itself again', async () => {
    answers = { '\r': 'board login: ', 'root\r': 'root\r\n~ # ' }
    await logInWhileItSays(['board login: [1.0] a kernel line\n', ''])
    assert.equal(typed, '\rroot\r')
  })
})
