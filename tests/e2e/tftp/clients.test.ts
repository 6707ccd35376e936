import assert from 'node:assert/strict'
import { setMaxListeners } from 'node:events'
import { readFile } from 'node:fs/promises'
import { execa } from 'execa'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import { startTftpServer, type TftpServer } from '../../../src/servers/tftp/tftp-server.ts'
import { writeFiles, type Files } from '../../support/environment-files.ts'
import { itWith } from '../../support/requirements.ts'

type Arguments = (name: string, target: string, port: number) => readonly string[]

/** Real clients, each with the requirement that brings it and its arguments to fetch a file. */
const clients: readonly [title: string, program: string, args: Arguments][] = [
  ['curl', 'curl', (name, target, port) => ['-sSfm', '20', '-o', target, `tftp://127.0.0.1:${port}/${name}`]],
  [
    'curl without options',
    'curl',
    (name, target, port) => [
      '-sSfm',
      '20',
      '--tftp-no-options',
      '-o',
      target,
      `tftp://127.0.0.1:${port}/${name}`,
    ],
  ],
  [
    'curl with the largest blocks',
    'curl',
    (name, target, port) => [
      '-sSfm',
      '20',
      '--tftp-blksize',
      '65464',
      '-o',
      target,
      `tftp://127.0.0.1:${port}/${name}`,
    ],
  ],
  [
    'tftp-hpa',
    'tftp',
    (name, target, port) => ['-m', 'binary', '127.0.0.1', String(port), '-c', 'get', name, target],
  ],
  [
    'busybox',
    'busybox',
    (name, target, port) => ['tftp', '-g', '-b', '1432', '-r', name, '-l', target, '127.0.0.1', String(port)],
  ],
]

describe('The TFTP server serves real clients:', () => {
  let t: Deadline
  let server: TftpServer
  let files: Files
  const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) >> 5))
  const contents = { image: content, exact: content.subarray(0, 512 * 4), short: Buffer.from('x') }

  beforeEach(async () => {
    t = startDeadline(30_000, 'test')
    setMaxListeners(50, t.signal)
    files = await writeFiles(contents)
    server = await startTftpServer({ host: '127.0.0.1', port: 0 })
    for (const name of Object.keys(contents)) await server.publish(`one/${name}`, files.path(name), t)
  })

  afterEach(async () => {
    await server.close()
    await files[Symbol.asyncDispose]()
    t[Symbol.dispose]()
  })

  const run = (program: string, args: readonly string[]) =>
    execa(program, args, { cancelSignal: t.signal, reject: false, all: true })

  for (const [title, program, args] of clients) {
    itWith([program], title, async () => {
      for (const [name, expected] of Object.entries(contents)) {
        const target = files.path(`${name}.fetched`)
        const { all, exitCode } = await run(program, args(`one/${name}`, target, server.address.port))
        assert.equal(exitCode, 0, all)
        assert.ok((await readFile(target)).equals(expected), name)
      }
      const missing = await run(program, args('two/image', files.path('missing'), server.address.port))
      assert.match(`${missing.exitCode} ${missing.all}`, /^[1-9]|no such file/i)
    })
  }

  itWith(['curl'], '32 of them at once', async () => {
    const fetched = await Promise.all(
      Array.from({ length: 32 }, async (_, index) => {
        const url = `tftp://127.0.0.1:${server.address.port}/one/image`
        const target = files.path(`fetched-${index}`)
        await execa('curl', ['-sSfm', '25', '-o', target, url], { cancelSignal: t.signal })
        return readFile(target)
      }),
    )
    assert.ok(fetched.every((bytes) => bytes.equals(content)))
  })

  itWith(['curl'], 'and takes nothing from any of them', async () => {
    const url = `tftp://127.0.0.1:${server.address.port}/one/image`
    const { exitCode } = await run('curl', ['-sSm', '20', '-T', files.path('short'), url])
    // curl(1): 69 is "permission problem on TFTP server"
    assert.equal(exitCode, 69)
  })
})
