import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandRunner } from '../../src/board/command-runner.ts'
import type { FileTransfer } from '../../src/board/file-transfer.ts'
import { startDeadline, type Deadline } from '../../src/core/deadline.ts'
import { quoteWord } from '../../src/core/quote-word.ts'
import { leaveOut } from '../support/contract-summary.ts'
import { createTestContext, type TestContext } from '../support/driver-context.ts'
import { describeWith } from '../support/requirements.ts'

export interface FileTransferCase {
  /** By what, and to what: `the console of dash`. */
  readonly name: string
  readonly needs: readonly string[]
  readonly open: (context: TestContext, t: Deadline) => Promise<OpenedTransfer>
  /** How much of what is much. @default 1 */
  readonly scale?: number
  /** What can't be asked of it, by the beginning of the case's title, and why. */
  readonly cannot?: Readonly<Record<string, string>>
}

export interface OpenedTransfer {
  readonly transfer: FileTransfer
  /** A shell of the same board, to look there. */
  readonly shell: Pick<CommandRunner, 'run'>
}

/** What every way to bring files to a board and back has to do. */
export function describeFileTransfer(subject: FileTransferCase): void {
  const { name, needs, open, scale = 1, cannot = {} } = subject
  describeWith(needs, name, function () {
    this.timeout(90_000)
    let context: TestContext
    let t: Deadline
    let host: string
    let board: string
    let transfer: FileTransfer
    let shell: OpenedTransfer['shell']

    before(async () => {
      using start = startDeadline(60_000, 'starting the board')
      context = await createTestContext()
      ;({ transfer, shell } = await open(context, start))
    })

    after(() => context.release())

    beforeEach(async () => {
      t = startDeadline(80_000, 'test')
      host = mkdtempSync(join(tmpdir(), 'hil-transfer-'))
      board = `/tmp/hil-contract-${randomBytes(4).toString('hex')}`
      await run(`mkdir ${board}`)
    })

    afterEach(async () => {
      await run(`rm -rf ${board}`)
      rmSync(host, { recursive: true, force: true })
      t[Symbol.dispose]()
    })

    const can = (title: string, test: () => Promise<void>) => {
      const reason = Object.entries(cannot).find(([beginning]) => title.startsWith(beginning))?.[1]
      if (reason === undefined) it(title, test)
      else leaveOut(this, title, reason)
    }

    const run = async (command: string) => {
      const { exitCode, stdout } = await shell.run(command, t)
      assert.equal(exitCode, 0, `${command}: ${stdout}`)
      return stdout
    }

    const thereAndBack = async (content: Uint8Array, at = `${board}/file`) => {
      writeFileSync(join(host, 'there'), content)
      const there = await transfer.put(join(host, 'there'), at, t)
      const back = await transfer.get(at, join(host, 'back'), t)
      assert.deepEqual(readFileSync(join(host, 'back')), Buffer.from(content))
      assert.deepEqual([there.size, back.size], [content.length, content.length])
    }

    can('brings every byte there and back', async () => {
      const bytes = Buffer.from(Array.from({ length: 1024 }, (_, index) => (index * 7) & 0xff))
      await thereAndBack(bytes)
      const [sum] = (await run(`md5sum ${board}/file`)).split(' ')
      const { createHash } = await import('node:crypto')
      assert.equal(sum, createHash('md5').update(bytes).digest('hex'))
    })

    can('brings files of any size', async () => {
      for (const size of [0, 1, 100, Math.floor(100_000 * scale)]) await thereAndBack(randomBytes(size))
    })

    can('brings what can be packed', async () => {
      await thereAndBack(Buffer.from('a line like many others\n'.repeat(30_000 * scale)))
    })

    can('brings content that is no file here', async () => {
      await transfer.put(Buffer.from('from memory\n'), `${board}/file`, t)
      assert.equal(await run(`cat ${board}/file`), 'from memory\n')
    })

    can('takes any name that a file can have', async () => {
      for (const file of ['with space', `it's "$HOME" \`x\``, '-dash', 'ümlaut', 'back\\slash', '*']) {
        const place = `${board}/${file}`
        await thereAndBack(Buffer.from(file), place)
        await run(`rm -- ${quoteWord(place)}`)
      }
    })

    can('leaves nothing beside the file, here and there', async () => {
      await thereAndBack(randomBytes(5000))
      assert.equal(await run(`ls -A ${board}`), 'file\n')
      assert.deepEqual(readdirSync(host).toSorted(), ['back', 'there'])
    })

    can('replaces a file, with its permissions or those asked for', async () => {
      const put = (content: string, mode?: number) =>
        transfer.put(Buffer.from(content), `${board}/file`, t, mode === undefined ? {} : { mode })
      const permissions = async () => (await run(`ls -l ${board}/file`)).slice(0, 10)
      await put('one', 0o640)
      assert.equal(await permissions(), '-rw-r-----')
      await put('two')
      assert.equal(await permissions(), '-rw-r-----')
      await put('#!/bin/sh\necho three\n', 0o755)
      assert.equal(await permissions(), '-rwxr-xr-x')
      assert.equal(await run(`sh ${board}/file`), 'three\n')
    })

    can('tells how far it is', async () => {
      const content = randomBytes(Math.floor(60_000 * scale))
      for (const way of ['put', 'get'] as const) {
        const seen: number[] = []
        const onProgress = ({ done, total }: { done: number; total: number }) => {
          assert.equal(total, content.length)
          seen.push(done)
        }
        await (way === 'put'
          ? transfer.put(content, `${board}/file`, t, { onProgress })
          : transfer.get(`${board}/file`, join(host, 'file'), t, { onProgress }))
        assert.deepEqual(
          seen,
          seen.toSorted((a, b) => a - b),
        )
        assert.equal(seen[0], 0)
        assert.equal(seen.at(-1), content.length)
      }
    })

    can('refuses a place that is none, and a file that is not there', async () => {
      const refused = async (work: Promise<unknown>, about: RegExp) => {
        await assert.rejects(work, (error: { code: string; blame: string; message: string }) => {
          assert.deepEqual([error.code, error.blame], ['transfer.refused', 'test'])
          assert.match(error.message, about)
          return true
        })
      }
      const content = Buffer.from('content')
      await refused(transfer.put(content, `${board}/nowhere/file`, t), /nowhere\/file/)
      await refused(transfer.put(content, board, t), /is a directory/)
      await refused(transfer.get(`${board}/nothing`, join(host, 'file'), t), /nothing/)
      await refused(transfer.get(board, join(host, 'file'), t), /is a directory/)
      await assert.rejects(transfer.put(join(host, 'nothing'), `${board}/file`, t), {
        code: 'transfer.local',
      })
      assert.equal(await run(`ls -A ${board}`), '')
      assert.deepEqual(readdirSync(host), [])
    })

    can('says which place on this machine it can not write to', async () => {
      await run(`echo content >${board}/file`)
      const place = join(host, 'nowhere', 'file')
      await assert.rejects(
        transfer.get(`${board}/file`, place, t),
        (error: { code: string; message: string }) => {
          assert.equal(error.code, 'transfer.local', error.message)
          assert.match(error.message, /nowhere\/file.*no such file or directory/)
          return true
        },
      )
    })

    can('leaves what was there when it is ended on the way', async () => {
      await run(`echo before >${board}/file`)
      const onProgress = ({ done }: { done: number }) => {
        if (done > 0) throw new Error('ended by the test')
      }
      const content = randomBytes(Math.floor(1_000_000 * scale))
      await assert.rejects(transfer.put(content, `${board}/file`, t, { onProgress }), /ended by the test/)
      assert.equal(await run(`cat ${board}/file`), 'before\n')
      await thereAndBack(Buffer.from('another'))
      await assert.rejects(transfer.get(`${board}/file`, join(host, 'file'), t, { onProgress }), /ended by/)
      assert.ok(!readdirSync(host).includes('file'))
    })
  })
}
