import assert from 'node:assert/strict'
import type { OpenTransport, TransportReader } from '../../../../src/board/transport.ts'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { UndoStack } from '../../../../src/core/undo-stack.ts'
import { createMark } from '../../../../src/drivers/shell/linux/mark.ts'
import { otherPrompt } from '../../../../src/drivers/shell/linux/other-prompt.ts'
import { goneBefore, Vigil } from '../../../../src/drivers/shell/linux/vigil.ts'
import { openConsoleBench } from '../../../support/console-bench.ts'

const mark = (status: string) => `\x1b\\\x01ab${status}\n`
const ended = { which: 'mark', status: 7, text: '' } as const

describe('The watch over the end of a command', () => {
  let undo: UndoStack
  let t: Deadline
  let vigil: Vigil
  let typed: string
  let says: (text: string) => void
  /** What the board says to each Enter. */
  let answers: string[]
  let panic: () => void

  beforeEach(async () => {
    undo = new UndoStack()
    t = startDeadline(20_000, 'test')
    typed = ''
    answers = []
    let reader: TransportReader | undefined
    says = (text) => reader?.data(Buffer.from(text))
    const open: OpenTransport = (given) => {
      reader = given
      return Promise.resolve({
        description: 'a board',
        write: (bytes) => {
          typed += Buffer.from(bytes).toString()
          const answer = answers.shift()
          if (answer !== undefined) says(answer)
          return Promise.resolve()
        },
        close: () => Promise.resolve(),
      })
    }
    const console = (await openConsoleBench(open, undo)).take()
    panic = () => {
      console.failOn('Kernel panic', () => new Error('the kernel has panicked'))
      says('Kernel panic\n')
    }
    const options = {
      ...{ console, where: 'the shell of board', program: undefined, echoMs: 60, recoverMs: 100 },
      ...{ prompt: /^[^\n]{0,100}[#$] $/, loginPrompt: /(?<!Last )login: {0,1}/ },
    }
    vigil = new Vigil({
      options,
      mark: createMark('ab'),
      exit: /hil-ab=(\d{1,3})\n/,
      prompt: /hil-ab> /,
      otherPrompt: otherPrompt(options.prompt, options.loginPrompt),
    })
  })

  afterEach(async () => {
    t[Symbol.dispose]()
    await undo.run()
  })

  for (const prompt of ['board login: ', '~ # ', 'Please press Enter to activate this console. ']) {
    it(`finds the shell gone where ${JSON.stringify(prompt)} answers to Enter, and again`, async () => {
      answers = [`\r\n${prompt}`, `\r\nboard login: `]
      says(`\r\n${prompt}`)
      assert.equal(await vigil.expect(t), undefined)
      assert.equal(typed, '\r\r')
    })
  }

  it('finds it gone where the prompt comes in pieces, and a kernel message stands behind it', async () => {
    answers = ['\r\nboard login: ', '\r\nboard login: ']
    const found = vigil.expect(t)
    for (const piece of ['board log', 'in:', ' ', '[   12.345678] usb 1-1: new device\r\n']) says(piece)
    assert.equal(await found, undefined)
  })

  it('types nothing where the end of the command comes right behind what looks like a prompt', async () => {
    says('x login: ')
    const found = vigil.expect(t)
    says(mark('007'))
    assert.equal((await found)?.groups[0], '007')
    assert.equal(typed, '')
    assert.equal(vigil.hasAsked, false)
  })

  it('takes for output what does not answer, leaves its own Enter out of it, and asks no more', async () => {
    says('x login: ')
    const found = vigil.expect(t)
    answers = [`\r\nmore\nlogin: ${mark('007')}`]
    const match = await found
    assert.equal(match?.before, 'x login: more\nlogin: ')
    assert.equal(match.groups[0], '007')
    says('~ # ')
    const next = vigil.expect(t)
    says(mark('000'))
    assert.equal((await next)?.groups[0], '000')
    assert.equal(typed, '\r')
  })

  it('takes for output what answers once, and is silent then', async () => {
    answers = ['\r\nx login: ', `\r\nb\n${mark('000')}`]
    says('x login: ')
    const match = await vigil.expect(t)
    assert.match(match?.before ?? '', /^x login: x login: b\n/)
  })

  it('leaves the word to the panic of a kernel', async () => {
    says('board login: ')
    const found = vigil.expect(t)
    panic()
    await assert.rejects(found, /the kernel has panicked/)
  })

  it('sends no line where a login prompt has come since the command before', async () => {
    answers = ['\r\nboard login: ', '\r\nboard login: ']
    says('\r\nboard login: ')
    const marked = await vigil.over(() => assert.fail('a line was sent'), t)
    assert.equal(marked, goneBefore)
  })

  it('asks nothing before a line where no prompt is seen', async () => {
    says(mark('000'))
    assert.equal(await vigil.over(() => Promise.resolve(ended), t), ended)
    assert.equal(typed, '')
  })
})
