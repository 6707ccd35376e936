import assert from 'node:assert/strict'
import { now } from '../../../src/core/clock.ts'
import { HilError } from '../../../src/core/errors.ts'
import { atBarebox, autobootPrompt, BoardConsole, bareboxPrompt } from './board-console.ts'

describe('The simulated UART', () => {
  it('carries no more than its baud rate, both ways', async () => {
    // 100 bytes a millisecond.
    using board = await BoardConsole.started(
      { baud: 1_000_000, barebox: { autoboot: 'abort' } },
      bareboxPrompt,
    )
    const line = `echo ${'x'.repeat(900)}`
    const start = now()
    const { length } = board.all
    await board.type(`${line}\r`)
    const typed = now() - start
    await board.until(bareboxPrompt)
    assert.ok(typed >= line.length / 100, `${line.length} bytes were typed in ${typed} ms`)
    const bytes = board.all.length - length
    assert.ok(now() - start >= bytes / 100, `${bytes} bytes came in ${now() - start} ms`)
  })

  it('makes a program wait for a slow line, so that Ctrl-C ends it at once', async () => {
    using board = await BoardConsole.started({ baud: 1_000_000, bootloader: 'none' }, '\x1b[6n')
    await board.type('yes\r')
    await board.until('y\r\ny\r\n')
    const { length } = board.all
    await board.type('\x03')
    await board.until('\x1b[6n')
    assert.ok(board.all.length - length < 20_000, `${board.all.length - length} bytes came after Ctrl-C`)
  })

  it('loses no byte, whichever way the bytes are cut', async () => {
    using board = await BoardConsole.started({ bootloader: 'none', linux: { shell: 'sh' } }, /# $/)
    const text = Array.from({ length: 200 }, (_, index) => `word${index}`).join(' ')
    for (const char of `echo ${text}`) await board.type(char)
    await board.type('\r')
    await board.until(`\r\n${text}\r\n# `)
  })

  it('passes bytes that are no UTF-8 unchanged', async () => {
    using board = await BoardConsole.started({ bootloader: 'none', linux: { shell: 'sh' } }, /# $/)
    await board.type('echo a\xff\xfe\x80b; printf "\\377\\200\\n"\r')
    await board.until('\r\na\xff\xfe\x80b\r\n\xff\x80\r\n')
  })

  it('overflows the FIFO of a bootloader that polls', async () => {
    using board = await atBarebox({ fifo: 16 })
    await board.type('echo 0123456789abcdef\r')
    await board.until('echo 0123456789a')
    await board.type('\r')
    await board.until('\r\n0123456789a\r\n')
  })

  it('has one reader at a time', async () => {
    using board = await BoardConsole.open()
    await assert.rejects(
      board.machine.openConsole({ data: () => undefined, closed: () => undefined }),
      (error: unknown) => error instanceof HilError && error.code === 'console.busy',
    )
  })

  it('ends for its reader, without an error, when the machine is closed', async () => {
    const board = await BoardConsole.started({}, autobootPrompt)
    board[Symbol.dispose]()
    assert.equal(board.closedWith, undefined)
    assert.equal(board.closedCalls, 1)
    await assert.rejects(board.type('x'))
  })
})
