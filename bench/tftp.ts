import { randomBytes } from 'node:crypto'
import { once, setMaxListeners } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { findProgram } from '../src/core/find-program.ts'
import { startDeadline } from '../src/core/deadline.ts'
import { closeSocket, openUdpSocket } from '../src/servers/tftp/udp-socket.ts'
import { requirement } from '../tests/support/requirements.ts'
import { openBadLink, type LinkFaults } from '../tests/support/tftp/bad-link.ts'
import { fetchFile } from '../tests/support/tftp/client.ts'
import { interleave, median, type Bench, type BenchRow } from './bench.ts'

/** What barebox asks for. */
const blksize = 1432
const mebibyte = 1 << 20

/** Our TFTP server against tftpd-hpa, over slow and lossy links, and many at once. */
export const tftp: Bench = {
  name: 'tftp',
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'hil-bench-'))
    const content = randomBytes(16 * mebibyte)
    const served = join(directory, 'file')
    const small = join(directory, 'small')
    await writeFile(served, content)
    await writeFile(small, content.subarray(0, mebibyte))
    try {
      return [
        ...(await againstTftpd(directory, served)),
        await windows(small),
        await manyAtOnce('32 transfers of 1 MiB at once', small, {}),
        await manyAtOnce('32 transfers of 1 MiB at once with 2 % of the packets lost', small, { loss: 0.02 }),
      ]
    } finally {
      await rm(directory, { recursive: true })
    }
  },
}

async function againstTftpd(directory: string, file: string): Promise<readonly BenchRow[]> {
  const lack = await tftpdLacks()
  if (lack !== undefined) {
    console.log(`tftp: in.tftpd left out, ${lack}`)
    return []
  }
  await using ours = await serve(file)
  await using theirs = await startTftpd(directory)
  const fetch = (port: number) => async () => {
    const url = `tftp://127.0.0.1:${port}/file`
    await execa('curl', ['--silent', '--fail', '--tftp-blksize', `${blksize}`, '--output', '/dev/null', url])
  }
  await interleave(1, { ours: fetch(ours.port), theirs: fetch(theirs.port) })
  const times = await interleave(9, { ours: fetch(ours.port), theirs: fetch(theirs.port) })
  const rate = (name: string) => 16 / (median(times[name] ?? []) / 1000)
  const ratio = rate('ours') / rate('theirs')
  return [
    {
      what: `16 MiB in lock-step with curl, blocks of ${blksize} bytes`,
      measured: `${rate('ours').toFixed(0)} MiB/s`,
      peer: `in.tftpd ${rate('theirs').toFixed(0)} MiB/s`,
      ratio,
      target: 'at least 0.8',
      met: ratio >= 0.8,
    },
  ]
}

async function tftpdLacks(): Promise<string | undefined> {
  const curl = requirement('curl')
  if (!curl.available) return curl.reason
  if ((await findProgram('/usr/sbin/in.tftpd')) === undefined)
    return 'it is not installed (package tftpd-hpa)'
  return process.getuid?.() === 0 ? undefined : 'it runs as root only'
}

interface Served extends AsyncDisposable {
  readonly port: number
}

/** Our server, in a process of its own as theirs is. */
async function serve(file: string): Promise<Served> {
  const program = fileURLToPath(new URL('serve-tftp.ts', import.meta.url))
  const child = execa(process.execPath, [...process.execArgv, program, file], { stdin: 'pipe' })
  const [first] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    port: Number(first.toString()),
    [Symbol.asyncDispose]: async () => {
      child.stdin.end()
      await child
    },
  }
}

async function startTftpd(directory: string): Promise<Served> {
  const free = await openUdpSocket('127.0.0.1', 0)
  const { port } = free.address()
  await closeSocket(free)
  const args = ['-L', '-a', `127.0.0.1:${port}`, '-s', directory, '-u', 'root']
  const child = execa('/usr/sbin/in.tftpd', args, { reject: false })
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await child
    },
  }
}

async function windows(file: string): Promise<BenchRow> {
  await using server = await serve(file)
  await using link = await openBadLink(server.port, { delayMs: 1 })
  using t = startDeadline(120_000, 'the transfers')
  const fetch = (windowsize: number) => async () => {
    await fetchFile({ port: link.port, name: 'file', options: { blksize, windowsize }, retryMs: 5000 }, t)
  }
  const { lockStep = [], windowed = [] } = await interleave(3, { lockStep: fetch(1), windowed: fetch(16) })
  const ratio = median(lockStep) / median(windowed)
  return {
    what: '1 MiB with windowsize=16 over a link with 1 ms of delay each way',
    measured: `${median(windowed).toFixed(0)} ms`,
    peer: `lock-step ${median(lockStep).toFixed(0)} ms`,
    ratio,
    target: 'at least 6 times as fast',
    met: ratio >= 6,
  }
}

async function manyAtOnce(what: string, file: string, faults: LinkFaults): Promise<BenchRow> {
  await using server = await serve(file)
  await using link = await openBadLink(server.port, faults)
  using t = startDeadline(120_000, 'the transfers')
  setMaxListeners(100, t.signal)
  const start = performance.now()
  const ends = await Promise.allSettled(
    Array.from({ length: 32 }, () => fetchFile({ port: link.port, name: 'file', options: { blksize } }, t)),
  )
  const seconds = (performance.now() - start) / 1000
  const right = ends.filter(
    (end) => end.status === 'fulfilled' && end.value.content.length === mebibyte,
  ).length
  return {
    what,
    measured: `${right} right in ${seconds.toFixed(1)} s`,
    target: 'all 32',
    met: right === 32,
  }
}
