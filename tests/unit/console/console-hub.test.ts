import assert from 'node:assert/strict'
import type { Console } from '../../../src/board/console.ts'
import type { TransportReader } from '../../../src/board/transport.ts'
import { ConsoleHub } from '../../../src/console/console-hub.ts'
import { startDeadline } from '../../../src/core/deadline.ts'
import { HilError } from '../../../src/core/errors.ts'

interface Bench {
  readonly hub: ConsoleHub
  readonly console: Console
  readonly board: TransportReader
  readonly sent: string[]
  readonly log: Buffer[]
  readonly say: (text: string) => void
}

async function openBench(
  delays: { charDelayMs?: number; lineDelayMs?: number } = {},
  canBreak = false,
): Promise<Bench> {
  let board: TransportReader | undefined
  const sent: string[] = []
  const log: Buffer[] = []
  const hub = await ConsoleHub.open({
    name: 'board',
    charDelayMs: 0,
    lineDelayMs: 0,
    ...delays,
    open: (reader) => {
      board = reader
      return Promise.resolve({
        description: 'memory',
        write: (bytes) => {
          sent.push(Buffer.from(bytes).toString())
          return Promise.resolve()
        },
        ...(canBreak && {
          sendBreak: (ms: number) => {
            sent.push(`<break of ${ms} ms>`)
            return Promise.resolve()
          },
        }),
        close: () => Promise.resolve(),
      })
    },
    onReceived: (bytes) => log.push(Buffer.from(bytes)),
    onSent: () => undefined,
    onClosed: () => undefined,
  })
  assert.ok(board)
  const reader = board
  return {
    hub,
    console: hub.take('the test'),
    board: reader,
    sent,
    log,
    say: (text) => {
      reader.data(Buffer.from(text))
    },
  }
}

function deadline(ms = 5000) {
  return startDeadline(ms, 'the test')
}

function isHilError(code: string, message?: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof HilError, String(error))
    assert.equal(error.code, code)
    if (message !== undefined) assert.match(error.message, message)
    return true
  }
}

describe('the console', () => {
  it('finds what arrived before anyone waited', async () => {
    const { console, say } = await openBench()
    say('boot\nlogin: ')
    const match = await console.expect({ login: /login: $/ }, deadline())
    assert.equal(match.before, 'boot\n')
  })

  it('finds a match cut at every byte, with the text before it', async () => {
    const text = 'chatter\r\n\x1b[1;32mbarebox@\x1b[1;36mARM QEMU virt64:/\x1b[0m '
    for (let cut = 0; cut <= text.length; cut++) {
      const { console, say } = await openBench()
      const found = console.expect({ prompt: /^barebox@.{1,60}:\/\S{0,60} $/ }, deadline())
      if (cut > 0) say(text.slice(0, cut))
      if (cut < text.length) say(text.slice(cut))
      assert.equal((await found).before, 'chatter\n', `cut at ${cut}`)
    }
  })

  it('keeps what follows a match for the next wait', async () => {
    const { console, say } = await openBench()
    say('one two three')
    assert.equal((await console.expect({ one: 'one' }, deadline())).which, 'one')
    const second = await console.expect({ three: 'three', two: 'two' }, deadline())
    assert.equal(second.which, 'two')
    assert.equal(second.before, ' ')
  })

  it('knows after a match whether a line begins', async () => {
    const { console, say } = await openBench()
    say('x=> => \n=> ')
    await console.expect({ first: 'x' }, deadline())
    const match = await console.expect({ prompt: /^=> / }, deadline())
    assert.equal(match.before, '=> => \n')
  })

  it('tells with which match the terminal was asked for its cursor', async () => {
    const { console, say } = await openBench()
    const asked = async (text: string) => (await console.expect({ text }, deadline())).cursorAsked
    say('resize\x1b[6n\n/ # ')
    assert.equal(await asked('/ # '), true, 'by what came before the prompt')
    say('ls\n/ # \x1b[6nls\nfile\n$ ')
    assert.equal(await asked('/ # '), false, 'not by the next')
    assert.equal(await asked('ls'), true, 'but behind it')
    assert.equal(await asked('$ '), false)
    say('\x1b[6n')
    console.discard()
    say('x')
    assert.equal(await asked('x'), false, 'what was dropped')
  })

  it('keeps CR LF while its owner asks for it and folds it again for the next', async () => {
    const { console, say } = await openBench()
    console.keepReturns()
    say('[    1.000000] kernel\r\nprogram\nEND')
    const { before } = await console.expect({ end: 'END' }, deadline())
    assert.equal(before, '[    1.000000] kernel\r\nprogram\n')
    const next = console.take('next')
    say('line\r\nEND')
    assert.equal((await next.expect({ end: 'END' }, deadline())).before, 'line\n')
  })

  it('loses nothing of a long output around a match, in small pieces', async () => {
    const { console, say } = await openBench()
    const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join('')
    const found = console.expect({ end: 'MARK0' }, deadline())
    for (let i = 0; i < lines.length; i += 97) say(lines.slice(i, i + 97))
    say('MA')
    say('RK0')
    const { before, lost } = await found
    assert.equal(before, lines)
    assert.equal(lost, 0)
  })

  it('says so when text that nobody waited for had to be dropped', async () => {
    const { console, say } = await openBench()
    for (let i = 0; i < 300; i++) say('x'.repeat(8192))
    say('prompt> ')
    const { before, lost } = await console.expect({ prompt: 'prompt> ' }, deadline())
    assert.equal(before.length + lost, 300 * 8192)
    assert.ok(lost > 0)
  })

  it('times out with the chain of budgets and what the board said', async () => {
    const { console, say } = await openBench()
    say('Uncompressing\r\nstuck here')
    using run = startDeadline(5000, 'run')
    using boot = run.within(5, 'boot')
    await assert.rejects(
      console.expect({ login: 'login: ' }, boot),
      isHilError(
        'console.timeout',
        /no login on the console of board in time \(run 5 s > boot 5 ms\); the console stayed silent/,
      ),
    )
    using again = run.within(20, 'boot')
    const waiting = console.expect({ login: 'login: ' }, again)
    say(' or there')
    await assert.rejects(
      waiting,
      isHilError('console.timeout', /the console said last: "stuck here or there"/),
    )
  })

  it('goes on after a timeout without losing what arrived', async () => {
    const { console, say } = await openBench()
    await assert.rejects(console.expect({ login: 'login: ' }, deadline(1)), isHilError('console.timeout'))
    say('login: ')
    await console.expect({ login: 'login: ' }, deadline())
  })

  it('ends a wait with the reason of a cancellation', async () => {
    const { console } = await openBench()
    const interrupted = new AbortController()
    const waiting = console.expect(
      { login: 'login: ' },
      startDeadline(5000, 'run', { signal: interrupted.signal }),
    )
    const reason = new Error('Ctrl-C')
    interrupted.abort(reason)
    await assert.rejects(waiting, reason)
  })

  it('refuses a second wait while one is in progress', async () => {
    const { console, say } = await openBench()
    const first = console.expect({ a: 'a' }, deadline())
    await assert.rejects(console.expect({ b: 'b' }, deadline()), isHilError('console.busy'))
    say('a')
    await first
  })

  it('refuses a pattern without bounds where it is written', async () => {
    const { console } = await openBench()
    await assert.rejects(console.expect({ bad: /x.*y/ }, deadline()), isHilError('console.pattern'))
    assert.throws(() => console.failOn(/x.*y/, () => new Error()), isHilError('console.pattern'))
  })

  describe('fail patterns', () => {
    const toError = ({ before, text }: { before: string; text: string }) => new Error(`${before}${text}`)

    it('end the wait in progress and every later one', async () => {
      const { console, say } = await openBench()
      console.failOn(/Kernel panic - not syncing: .{0,80}/, toError)
      const waiting = console.expect({ login: 'login: ' }, deadline())
      say('[    1.5] Kernel panic - not')
      say(' syncing: VFS\nlogin: ')
      await assert.rejects(waiting, { message: '[    1.5] Kernel panic - not syncing: VFS' })
      await assert.rejects(console.expect({ login: 'login: ' }, deadline()), /Kernel panic/)
      await assert.rejects(console.write('x', deadline()), /Kernel panic/)
    })

    it('are seen while nobody waits', async () => {
      const { console, say } = await openBench()
      console.failOn('Oops', toError)
      say('Oops: 1\n')
      await assert.rejects(console.expect({ login: 'login: ' }, deadline()), /Oops/)
    })

    it('are seen in a line that never ends, across the pieces it is searched in', async () => {
      for (const offset of [0, 4080, 4090, 4096, 4100, 9000]) {
        const { console, say } = await openBench()
        console.failOn(/Kernel panic/, toError)
        const line = `${'x'.repeat(offset)}Kernel panic${'y'.repeat(9000)}`
        for (let i = 0; i < line.length; i += 61) say(line.slice(i, i + 61))
        await assert.rejects(console.expect({ login: 'login: ' }, deadline()), /Kernel panic/, `at ${offset}`)
      }
    })

    it('stop with their disposal and with the handle', async () => {
      const { hub, console, say } = await openBench()
      console.failOn('one', toError)[Symbol.dispose]()
      say('one\n')
      await console.expect({ one: 'one' }, deadline())
      console.failOn('two', toError)
      const next = hub.take('the next owner')
      say('two\n')
      await next.expect({ two: 'two' }, deadline())
    })

    it('take time linear in the size of a line that tries to be a bomb', async () => {
      const { console, say } = await openBench()
      console.failOn(/INFO: task .{1,80} blocked for more than \d{1,6} seconds/, toError)
      // An unbounded pattern needs minutes for this line.
      say('INFO: task '.repeat(400_000))
      say('end')
      await console.expect({ end: 'end' }, deadline())
    })
  })

  describe('handles', () => {
    it('throw once the line was handed on, and end their wait', async () => {
      const { console } = await openBench()
      const waiting = console.expect({ a: 'a' }, deadline())
      const next = console.take('the shell')
      await assert.rejects(waiting, isHilError('console.taken', /handed to the shell/))
      await assert.rejects(console.write('x', deadline()), isHilError('console.taken'))
      assert.throws(() => console.take('me again'), isHilError('console.taken'))
      await next.write('ok', deadline())
    })

    it('leave unread text to the next owner', async () => {
      const { console, say } = await openBench()
      say('hello world')
      await console.expect({ hello: 'hello' }, deadline())
      assert.equal((await console.take('next').expect({ world: 'world' }, deadline())).before, ' ')
    })
  })

  it('fails waits and writes once the line is gone, but not before all that arrived was seen', async () => {
    const { console, say, board } = await openBench()
    const unplugged = new HilError('console.closed', 'unplugged', { blame: 'infrastructure' })
    say('last words')
    board.closed(unplugged)
    await console.expect({ last: 'last words' }, deadline())
    await assert.rejects(console.expect({ more: 'more' }, deadline()), unplugged)
    await assert.rejects(console.write('x', deadline()), unplugged)
  })

  describe('that was away for a while', () => {
    it('does not join what came before and after', async () => {
      const { hub, console, board, say } = await openBench()
      say('log')
      board.data(Buffer.from([0xe2, 0x82]))
      hub.interrupted(new Error('it was unplugged'))
      say('in: \nend')
      const { before } = await console.expect({ joined: /log.{0,3}in/, end: 'end' }, deadline())
      assert.equal(before, 'log\ufffd\nin: \n')
    })

    it('is not the board’s fault when a wait ends in vain', async () => {
      const { hub, console, say } = await openBench()
      hub.interrupted(new Error('it was unplugged'))
      await assert.rejects(console.expect({ x: 'x' }, deadline(20)), {
        code: 'console.gap',
        message: /but it was away meanwhile \(it was unplugged\): what was waited for/,
      })
      await assert.rejects(console.expect({ x: 'x' }, deadline(20)), isHilError('console.timeout'))
      hub.interrupted(new Error('it was unplugged'))
      say('x')
      await console.expect({ x: 'x' }, deadline())
      await assert.rejects(console.expect({ y: 'y' }, deadline(20)), isHilError('console.timeout'))
    })
  })

  it('logs every byte as it was, also those that are no text', async () => {
    const { board, log } = await openBench()
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    board.data(bytes.subarray(0, 100))
    board.data(bytes.subarray(100))
    assert.deepEqual(Buffer.concat(log), bytes)
  })

  it('sends character by character when a pause is wanted', async () => {
    const { console, sent } = await openBench({ charDelayMs: 0.1 })
    await console.write('ls\r', deadline())
    assert.deepEqual(sent, ['l', 's', '\r'])
  })

  it('sends line by line when a pause after lines is wanted', async () => {
    const { console, sent } = await openBench({ lineDelayMs: 0.1 })
    await console.write('ls\rpwd\rx', deadline())
    assert.deepEqual(sent, ['ls\r', 'pwd\r', 'x'])
  })

  it('ends in a pause for the reason that its time ends by', async () => {
    const { console, sent } = await openBench({ charDelayMs: 60_000 })
    await assert.rejects(console.write('ls\r', deadline(1)), isHilError('deadline.exceeded', /the test took/))
    const cancelled = new AbortController()
    const writing = console.write('ls\r', startDeadline(60_000, 'a write', cancelled))
    await new Promise(setImmediate)
    cancelled.abort(new HilError('test.over', 'the test ended', { blame: 'test' }))
    await assert.rejects(writing, isHilError('test.over'))
    assert.equal(sent.join(''), 'll')
  })

  it('keeps two writes apart', async () => {
    const { console, sent } = await openBench({ charDelayMs: 0.1 })
    await Promise.all([console.write('abc', deadline()), console.write('def', deadline())])
    assert.equal(sent.join(''), 'abcdef')
  })

  it('sends a break in its turn', async () => {
    const { console, sent } = await openBench({ charDelayMs: 0.1 }, true)
    const t = deadline()
    await Promise.all([console.write('ab', t), console.sendBreak(t), console.write('h', t)])
    assert.deepEqual(sent, ['a', 'b', '<break of 250 ms>', 'h'])
  })

  it('says that a line has no way to send a break', async () => {
    const { console } = await openBench()
    await assert.rejects(
      console.sendBreak(deadline()),
      isHilError('console.no-break', /memory has no way to/),
    )
    await console.write('goes on', deadline())
  })

  it('shows lines as a terminal would: overwritten text is gone', async () => {
    const { console, say } = await openBench()
    say('Hit any key:    3\b\b\b\b   2\n10%\r20%\n')
    assert.deepEqual(console.lastLines(2), ['Hit any key:    2', '20%'])
  })
})
