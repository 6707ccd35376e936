import assert from 'node:assert/strict'
import { BoardConsole } from './board-console.ts'

type Options = NonNullable<Parameters<typeof BoardConsole.open>[0]>

const booted = (linux: Options['linux'], pattern: RegExp | string, more: Options = {}) =>
  BoardConsole.started({ bootloader: 'none', linux, ...more }, pattern)

describe('The simulated Linux', () => {
  it('logs release, model, memory and command line as the options say', async () => {
    using board = await booted(
      { release: '7.2.13', model: 'Radxa ROCK3 Model A', memory: 512, bootargs: 'console=ttyS2 a=1' },
      '/ # ',
    )
    assert.match(board.all, /\] Linux version 7\.2\.13 \(/)
    assert.match(board.all, /\] Machine model: Radxa ROCK3 Model A\r\n/)
    assert.match(board.all, /\] Kernel command line: console=ttyS2 a=1\r\n/)
    assert.match(board.all, /\] Memory: \d+K\/524288K available/)
    await board.type('uname -r; cat /proc/cmdline; cut -d" " -f3 /proc/version\r')
    await board.until('\r\n7.2.13\r\nconsole=ttyS2 a=1\r\n7.2.13\r\n')
  })

  it('says nothing with quiet but why it panics, and everything again with ignore_loglevel', async () => {
    using quiet = await booted({ bootargs: 'quiet', root: false }, 'end Kernel panic')
    assert.doesNotMatch(quiet.all, /Linux version|Kernel command line/)
    using loud = await booted({ bootargs: 'quiet ignore_loglevel' }, '/ # ')
    assert.match(loud.all, /Linux version/)
    using level = await booted({ bootargs: 'quiet loglevel=7' }, '/ # ')
    assert.match(level.all, /Linux version/)
  })

  it('keeps the whole log for dmesg, with levels when asked', async () => {
    using board = await booted({ bootargs: 'quiet' }, '/ # ')
    await board.type('dmesg -r | grep -c "^<6>"; dmesg | grep "Linux version" | cut -c1-30\r')
    await board.until(/\r\n[67]\d\r\n\[ {4}0\.000000\] Linux version \r?\n?/)
  })

  it('asks for user and password, and refuses wrong ones after a while', async () => {
    using board = await booted(
      { hostname: 'sim', login: { user: 'root', password: 'secret' } },
      'Debian GNU/Linux 12 sim ttyAMA0\r\n\r\nsim login: ',
    )
    await board.type('root\r')
    assert.equal(await board.until('Password: '), 'root\r\nPassword: ')
    await board.type('wrong\r')
    assert.equal(await board.until('sim login: '), '\r\n\r\nLogin incorrect\r\nsim login: ')
    await board.type('nobody\r')
    await board.until('Password: ')
    await board.type('secret\r')
    await board.until('Login incorrect\r\nsim login: ')
    await board.type('root\r')
    await board.until('Password: ')
    await board.type('secret\r')
    await board.until('~ # ')
    assert.doesNotMatch(board.all, /secret|wrong/)
    await board.type('exit\r')
    await board.until('sim login: ')
  })

  it('lets a user in without password where there is none', async () => {
    using board = await booted({ hostname: 'sim', shell: 'bash', login: { user: 'me' } }, 'sim login: ')
    await board.type('me\r')
    await board.until('me@sim:/$ ')
  })

  it('does not hear Ctrl-C in a shell without controlling terminal', async () => {
    using board = await booted({ controllingTerminal: false }, "can't access tty; job control turned off")
    await board.until('/ # ')
    await board.type('sleep 1; echo woke\r')
    await board.until('echo woke\r\n')
    await board.type('\x03')
    assert.equal(await board.until('woke\r\n'), '^Cwoke\r\n')
  })

  it('cuts a line of more than 4095 characters in canonical mode', async () => {
    using board = await booted({}, '/ # ')
    await board.type('stty -echo; read -r l; stty echo; echo ${#l}\r')
    await board.until('${#l}\r\n')
    await board.type(`${'x'.repeat(5000)}\r`)
    await board.until('4095\r\n')
  })

  it('reboots into the bootloader, and is the same kernel on another boot', async () => {
    using board = await BoardConsole.started({}, '/ # ')
    const bootId = async () => {
      await board.type('cat /proc/sys/kernel/random/boot_id\r')
      return (await board.until(/\r\n[0-9a-f-]{36}\r\n/)).trim().split('\r\n').at(-1)
    }
    const first = await bootId()
    await board.until('/ # ')
    await board.type('reboot\r')
    await board.until('reboot: Restarting system\r\n')
    await board.until('barebox 2026')
    await board.until('/ # ')
    assert.notEqual(await bootId(), first)
  })

  it('reports what it was asked for and does not simulate', async () => {
    using board = await booted({ absentCommands: ['perf'] }, '/ # ')
    await board.type('perf; iperf3 -s; ls --color; echo done | cat -A\r')
    await board.until('unrecognized option')
    await board.until('unrecognized option')
    assert.deepEqual(board.machine.unsupported(), [
      'linux: command iperf3',
      'linux: ls --color',
      'linux: cat -A',
    ])
  })

  it('runs a read-eval loop of thousands of commands without slowing down or leaking into the next', async () => {
    using board = await booted({}, '/ # ')
    await board.type('stty -echo; echo ready; while IFS= read -r l; do eval "$l"; echo MARK$?; done\r')
    await board.until('\r\nready\r\n')
    for (let count = 0; count < 2000; count += 1) {
      await board.type(`[ ${count % 2} = 0 ]\r`)
      assert.equal(await board.until(/MARK\d\r\n/), `MARK${count % 2}\r\n`)
    }
  })
})

describe('Many simulated boards', () => {
  it('run in one process, 32 at once, and none misses a byte', async () => {
    const boards = await Promise.all(Array.from({ length: 32 }, () => BoardConsole.started({}, '/ # ')))
    try {
      await Promise.all(
        boards.map(async (board, index) => {
          await board.type(`seq ${index} ${index + 2000} | md5sum; echo board ${index}\r`)
          await board.until(`\r\nboard ${index}\r\n`)
        }),
      )
      const logs = new Set(
        boards.map((board) =>
          board.all.slice(0, board.all.indexOf('as init process')).replace(/^\[.*?\]/gm, ''),
        ),
      )
      assert.equal(logs.size, 1)
    } finally {
      for (const board of boards) board[Symbol.dispose]()
    }
  })
})
