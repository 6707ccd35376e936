import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findCommand } from '../../../scripts/setup/find-command.mjs'
import type { CommandRunner } from '../../../src/board/command-runner.ts'
import { ShellTransfer } from '../../../src/board/shell-transfer/shell-transfer.ts'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import type { HilError } from '../../../src/core/errors.ts'
import { posixCksum } from '../../../src/core/posix-cksum.ts'
import { localShell } from '../../support/local-shell.ts'
import { itWith } from '../../support/requirements.ts'
import { runTool } from '../codecs/oracle.ts'

describe('Files over a shell', function () {
  this.timeout(20_000)
  let board: string
  let host: string
  let t: Deadline

  beforeEach(() => {
    t = startDeadline(15_000, 'test')
    board = mkdtempSync(join(tmpdir(), 'hil-board-'))
    host = mkdtempSync(join(tmpdir(), 'hil-host-'))
  })
  afterEach(() => {
    for (const directory of [board, host]) rmSync(directory, { recursive: true, force: true })
    t[Symbol.dispose]()
  })

  const over = (shell: Pick<CommandRunner, 'run'>) => new ShellTransfer(shell, { by: 'console' })

  /** Counts, and lets a test change what a command answers. */
  const watched = (change: (command: string, stdout: string, count: number) => string | undefined) => {
    const shell = localShell()
    const ran: string[] = []
    return {
      ran,
      run: async (command: string, deadline: Deadline) => {
        ran.push(command)
        const result = await shell.run(command, deadline)
        const stdout = change(command, result.stdout, ran.length)
        if (stdout === undefined) throw new Error('the line went dead')
        return { ...result, stdout }
      },
    }
  }

  it('has the checksum of POSIX', () => {
    for (const length of [0, 1, 5, 255, 256, 70_000]) {
      const bytes = randomBytes(length)
      writeFileSync(join(host, 'x'), bytes)
      const [sum = ''] = runTool('cksum', [join(host, 'x')])
        .toString()
        .split(' ')
      assert.equal(posixCksum(bytes), Number(sum))
    }
  })

  it('says of a place in a directory that is not there that nothing can be made there', async () => {
    const put = over(localShell()).put(Buffer.from('x'), join(board, 'nowhere', 'file'), t)
    await assert.rejects(put, (error: HilError) => {
      assert.equal(error.code, 'transfer.refused')
      // It can't be read either, which says less.
      assert.doesNotMatch(error.message, /cannot open/)
      return true
    })
  })

  const everyByte = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) & 0xff))

  /** A board that has these programs and no others, by symbolic links. */
  const boardWith = (programs: readonly string[], provider?: string) => {
    const bin = mkdtempSync(join(host, 'bin-'))
    for (const program of programs) {
      symlinkSync(findCommand(provider ?? program) ?? assert.fail(`no ${program}`), join(bin, program))
    }
    return bin
  }

  const needed = ['cat', 'dd', 'mv', 'rm', 'chmod', 'wc']
  for (const [what, decoder, encoder] of [
    ['base64', 'base64', 'base64'],
    ['openssl', 'openssl', 'openssl'],
    ['od and the printf of its shell', undefined, 'od'],
  ] as const) {
    it(`bring every byte to a board that has ${what} and cksum`, async () => {
      const bin = boardWith([
        ...needed,
        'cksum',
        encoder,
        ...(decoder === undefined || decoder === encoder ? [] : [decoder]),
      ])
      await thereAndBack(over(localShell([findCommand('dash') ?? 'sh'], bin)))
    })
  }

  for (const [what, programs] of [
    ['uudecode and uuencode', ['uudecode', 'uuencode', 'md5sum']],
    ['xxd', ['xxd', 'sha256sum']],
    ['hexdump', ['hexdump', 'crc32']],
    ['base64 and nothing that makes checksums', ['base64']],
  ] as const) {
    itWith(['busybox'], `bring every byte to a board that has ${what}`, async () => {
      const bin = boardWith([...needed, ...programs], 'busybox')
      await thereAndBack(over(localShell([findCommand('dash') ?? 'sh'], bin)))
    })
  }

  async function thereAndBack(transfer: ShellTransfer): Promise<void> {
    await transfer.put(everyByte, join(board, 'file'), t)
    assert.deepEqual(readFileSync(join(board, 'file')), everyByte)
    await transfer.get(join(board, 'file'), join(host, 'back'), t)
    assert.deepEqual(readFileSync(join(host, 'back')), everyByte)
    assert.deepEqual(readdirSync(board), ['file'])
  }

  it('say what a board lacks that has nothing to read a file with', async () => {
    const transfer = over(localShell([findCommand('dash') ?? 'sh'], boardWith(needed)))
    await transfer.put('/etc/hostname', join(board, 'file'), t)
    await assert.rejects(transfer.get(join(board, 'file'), join(host, 'back'), t), {
      code: 'transfer.no-program',
      message: /^the board has none of base64, openssl, uuencode, xxd, od, hexdump, one of which is needed/,
    })
  })

  it('go packed where that saves anything, and as they are where it does not', async () => {
    const text = Buffer.from('the same words again and again\n'.repeat(5000))
    for (const [content, most] of [
      [text, 8],
      [randomBytes(9000), 10],
    ] as const) {
      const shell = watched((_command, stdout) => stdout)
      await over(shell).put(content, join(board, 'file'), t)
      assert.deepEqual(readFileSync(join(board, 'file')), content)
      assert.ok(shell.ran.length <= most, `${shell.ran.length} commands`)
    }
    const shell = watched((_command, stdout) => stdout)
    writeFileSync(join(board, 'text'), text)
    await over(shell).get(join(board, 'text'), join(host, 'text'), t)
    assert.deepEqual(readFileSync(join(host, 'text')), text)
    assert.ok(shell.ran.length <= 5, `${shell.ran.length} commands`)
  })

  it('are sent again piece by piece where a piece came as something else', async () => {
    const content = randomBytes(20_000)
    let faults = 3
    const shell = watched((command, stdout) => {
      if (command.includes('base64 -d') && faults-- > 0) return '123 456\n'
      return stdout
    })
    await over(shell).put(content, join(board, 'file'), t)
    assert.deepEqual(readFileSync(join(board, 'file')), content)
    faults = 3
    const back = watched((command, stdout) =>
      command.includes('|base64;') && faults-- > 0 ? stdout.slice(0, 50) + stdout.slice(51) : stdout,
    )
    await over(back).get(join(board, 'file'), join(host, 'file'), t)
    assert.deepEqual(readFileSync(join(host, 'file')), content)
  })

  it('are given up where a piece is never right, and nothing is put in their place', async () => {
    writeFileSync(join(board, 'file'), 'before')
    const shell = watched((command, stdout) => (command.includes('base64 -d') ? '123 456\n' : stdout))
    await assert.rejects(over(shell).put(randomBytes(5000), join(board, 'file'), t), {
      code: 'transfer.damaged',
      blame: 'infrastructure',
      message: /of the \d+ bytes at 0 the board's cksum said "123 456", 4 times/,
    })
    assert.equal(readFileSync(join(board, 'file'), 'utf8'), 'before')
  })

  it('go on where an attempt before was cut off', async () => {
    const content = randomBytes(100_000)
    const cut = watched((_command, stdout, count) => (count > 20 ? undefined : stdout))
    await assert.rejects(over(cut).put(content, join(board, 'file'), t), /the line went dead/)
    const progress: number[] = []
    const { resumedFrom } = await over(localShell()).put(content, join(board, 'file'), t, {
      onProgress: ({ done }) => progress.push(done),
    })
    assert.ok(resumedFrom > 40_000 && resumedFrom < 60_000, `${resumedFrom}`)
    assert.equal(progress[0], resumedFrom)
    assert.deepEqual(readFileSync(join(board, 'file')), content)
    assert.deepEqual(readdirSync(board), ['file'])

    const cutBack = watched((_command, stdout, count) => (count > 6 ? undefined : stdout))
    await assert.rejects(over(cutBack).get(join(board, 'file'), join(host, 'file'), t), /the line went dead/)
    const back = await over(localShell()).get(join(board, 'file'), join(host, 'file'), t)
    assert.equal(back.resumedFrom, 2 * 24 * 1024)
    assert.deepEqual(readFileSync(join(host, 'file')), content)
    assert.deepEqual(readdirSync(host), ['file'])
  })

  it('begin anew where what an attempt before has left is not theirs', async () => {
    const content = randomBytes(10_000)
    const cut = watched((_command, stdout, count) => (count > 4 ? undefined : stdout))
    await assert.rejects(over(cut).put(content, join(board, 'file'), t), /the line went dead/)
    const [part = ''] = readdirSync(board).filter((name) => !name.endsWith('piece'))
    writeFileSync(join(board, part), randomBytes(statSync(join(board, part)).size))
    const { resumedFrom } = await over(localShell()).put(content, join(board, 'file'), t)
    assert.equal(resumedFrom, 0)
    assert.deepEqual(readFileSync(join(board, 'file')), content)
  })

  it('tell a full disk from a mistake of the test', async () => {
    const full = watched((command, stdout) =>
      command.includes('base64 -d') ? `base64: write error: No space left on device\n1 2\n${stdout}` : stdout,
    )
    await assert.rejects(over(full).put('/etc/hostname', join(board, 'file'), t), {
      code: 'transfer.no-space',
      blame: 'board',
    })
    await assert.rejects(over(localShell()).put(join(host, 'nothing'), join(board, 'file'), t), {
      code: 'transfer.local',
      blame: 'test',
    })
  })

  it('of /proc come as one, though they are another each time they are read', async () => {
    await over(localShell()).get('/proc/self/status', join(host, 'status'), t)
    assert.match(readFileSync(join(host, 'status'), 'utf8'), /^Name:[^]*\n$/)
  })
})
