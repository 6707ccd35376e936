import assert from 'node:assert/strict'
import { atBarebox, autobootPrompt, bareboxPrompt, BoardConsole } from './board-console.ts'

type Options = NonNullable<Parameters<typeof BoardConsole.open>[0]>

const stopped = async (options: Options, key: string) => {
  const board = await BoardConsole.started(options, 'to stop autoboot:    3')
  await board.type(key)
  return board
}

describe('The simulated barebox, as it starts', () => {
  it('is stopped by any key', async () => {
    for (const key of ['\r', ' ', 'x', '\x03', '\x04']) {
      using board = await stopped({}, key)
      await board.until(/^\r\n\x1b\[1;32mbarebox@/)
    }
  })

  it('is stopped by Ctrl-C alone where only that is the key', async () => {
    using board = await stopped({ barebox: { abortKey: 'ctrl-c' } }, 'x\r ')
    assert.match(board.all, /Hit m for menu or ctrl-c to stop autoboot: {4}3$/)
    await board.type('\x03')
    await board.until(bareboxPrompt)
  })

  it('is stopped by one character alone where that is the key', async () => {
    using board = await stopped({ barebox: { abortKey: 's' } }, '\r\x03x')
    await board.type('s')
    await board.until(bareboxPrompt)
  })

  it('opens the menu at m, which leads to a shell and to a boot', async () => {
    using board = await stopped({}, 'm')
    await board.until('Main menu')
    await board.type('5\r')
    await board.until('Enter exit to get back to the menu\r\n')
    await board.until(bareboxPrompt)
    await board.type('exit\r')
    await board.until('Main menu')
    await board.until('\x1b[2;3H')
    await board.type('\r')
    await board.until('Booting Linux')
  })

  it('has no menu where none is built in', async () => {
    using board = await stopped({ barebox: { menu: false } }, 'm')
    assert.match(board.all, /Hit any to stop autoboot: {4}3$/)
    await board.until(bareboxPrompt)
  })

  it('does not count down when told to abort', async () => {
    using board = await BoardConsole.started({ barebox: { autoboot: 'abort' } }, bareboxPrompt)
    assert.doesNotMatch(board.all, /stop autoboot/)
  })

  it('leaves no time to stop it with timeout 0, unless the key is there already', async () => {
    using late = await BoardConsole.started({ barebox: { autobootTimeout: 0 } }, 'Booting Linux')
    assert.match(late.all, /stop autoboot: {4}0\r\n/)
  })

  it('asks whether to go on when q was typed too early', async () => {
    using board = await BoardConsole.open()
    await board.machine.power.on(board.t)
    await board.typeWhenUp('q')
    await board.until('Abort init sequence? (y/n)\r\nWill continue with init sequence in:   5')
    await board.until(autobootPrompt)
  })

  it('shows its shell when nothing can be booted', async () => {
    using board = await BoardConsole.started({ barebox: { disk: false } }, bareboxPrompt)
    assert.match(board.all, /Booting entry 'net' failed[^]*Nothing bootable found\r\n\x1b\[1;32mbarebox@/)
  })

  it('has neither colours nor names of log levels where colours are off', async () => {
    using board = await BoardConsole.started({ barebox: { color: false } }, autobootPrompt)
    await board.type('\r')
    await board.until('barebox@ARM QEMU virt64:/ ')
    await board.type('boot -o bootm.image=/nope virtioblk0\r')
    await board.until('\r\ncould not open /nope: No such file or directory\r\nblspec: Booting failed\r\n')
    await board.until('barebox@ARM QEMU virt64:/ ')
  })

  it('keeps nv variables over a reset, and loses them when the power is cut', async () => {
    using board = await atBarebox()
    await board.type('nv autoboot_timeout=7; reset\r')
    await board.until('nv variables modified, saving them')
    await board.until('stop autoboot:    7')
    await board.type('\r')
    await board.until(bareboxPrompt)
    await board.type('nv autoboot_timeout=9\r')
    await board.until(bareboxPrompt)
    await board.powerCycle()
    await board.until('stop autoboot:    7')
  })

  it('is reset by a watchdog that nobody feeds at the prompt', async () => {
    using board = await atBarebox({ watchdogTimeout: 2, speed: 100 })
    await board.until('barebox 2026')
    await board.until(autobootPrompt)
    await board.type('\r')
    await board.until(bareboxPrompt)
    await board.type('wd 0\r')
    await board.until(bareboxPrompt)
    await board.type('echo $global.system.reset; sleep 3; echo alive\r')
    await board.until('\r\nWDG\r\nalive\r\n')
  })

  it('gives a slot up when its boot attempts ran out', async () => {
    using board = await BoardConsole.open({
      barebox: { bootchooser: { targets: ['a', 'b'], attempts: 1 } },
      linux: { root: false, bootargs: 'panic=1' },
      speed: 1000,
    })
    await board.machine.power.on(board.t)
    await board.until('commandline: bootchooser.active=a panic=1')
    await board.until('commandline: bootchooser.active=b panic=1')
    await board.until('bootchooser: No valid targets found:')
    await board.until(bareboxPrompt)
  })
})

describe('The line editor of the simulated barebox', () => {
  it('shows what the real one showed for each key', async () => {
    using board = await atBarebox()
    const recorded: readonly (readonly [keys: string, shown: string])[] = [
      ['abc\x03', 'abc<INTERRUPT>\r\n'],
      ['abcdef\x15xyz\r', `abcdef${'\b'.repeat(6)}      ${'\b'.repeat(6)}xyz\r\nxyz: Command not found\r\n`],
      ['echo abc def\x17\x17x\r', `echo abc def${'\b \b'.repeat(7)}x\r\nx\r\n`],
      ['echo abc\x1b[D\x0b\r', 'echo abc\b \b\r\nab\r\n'],
      ['cho a\x1b[He\r', 'cho a\b\b\b\b\becho a\b\b\b\b\b\r\na\r\n'],
      ['echo abx\x7fc\r', 'echo abx\b \bc\r\nabc\r\n'],
      ['echo a\x0c\r', 'echo a\x1b[2J\x1b[;HPROMPTecho a\r\na\r\n'],
      ['\x1b[A\r', 'echo a\r\na\r\n'],
      ['\x1b[B\x03', '\x07<INTERRUPT>\r\n'],
      ['echo ac\x1b[Db\r', 'echo ac\bbc\b\r\nabc\r\n'],
      ['echo abc\x1b[D\x1b[D\x1b[3~\r', 'echo abc\b\bc \b\b\r\nac\r\n'],
      ['echo ab\x1b[H\x1b[Fc\r', 'echo ab\b\b\b\b\b\b\becho abc\r\nabc\r\n'],
      ['abcdef\x1b[D\x1b[D\x15\r', 'abcdef\b\b\b\b\b\b      \b\b\b\b\b\bef\b\b\r\nef: Command not found\r\n'],
      ['echo \xc3\xa4x\r', 'echo x\r\nx\r\n'],
    ]
    for (const [keys, shown] of recorded) {
      await board.type(keys)
      const came = (await board.until(bareboxPrompt)).replace(bareboxPrompt, '')
      assert.equal(
        came.replace(/\x1b\[1;32m[^]*?\x1b\[0m /, 'PROMPT'),
        shown,
        `after ${JSON.stringify(keys)}`,
      )
    }
  })

  it('takes 1022 characters, answers each further one with a bell, and runs what it took', async () => {
    using board = await atBarebox()
    await board.type(`echo ${'x'.repeat(1017)}yzw\r`)
    const shown = await board.until(bareboxPrompt)
    assert.ok(shown.startsWith(`echo ${'x'.repeat(1017)}\x07\x07\x07\r\n${'x'.repeat(1017)}\r\n`))
  })

  it('loses the first letters of what is typed before the prompt is there', async () => {
    using board = await atBarebox()
    await board.type('echo one\recho two\r')
    await board.until('cho: Command not found')
    await board.type('echo $?\recho two\r')
    await board.until('ho: Command not found')
  })

  it('ends a sleep and a loop at Ctrl-C, but runs the rest of the line', async () => {
    using board = await atBarebox({ speed: 1 })
    await board.type('for i in 1 2 3; do sleep 9; echo $i; done\r')
    await board.until('done\r\n')
    await board.quiet()
    await board.type('\x03')
    assert.equal((await board.until(bareboxPrompt)).replace(bareboxPrompt, ''), '1\r\n')
    await board.type('echo $?\r')
    await board.until('\r\n1\r\n')
  })
})
