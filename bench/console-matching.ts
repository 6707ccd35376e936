import type { TransportReader } from '../src/board/transport.ts'
import { ConsoleHub } from '../src/console/console-hub.ts'
import { startDeadline } from '../src/core/deadline.ts'
import { median, type Bench } from './bench.ts'

const mebibyte = 1024 * 1024
const chunkSize = 256
const kernelLine =
  '[    1.234567] virtio_blk virtio1: [vda] 131072 512-byte logical blocks (67.1 MB/64.0 MiB)\r\n'

/** Forty patterns of the kinds a kernel's failures need. */
const failPatterns: readonly RegExp[] = [
  /Kernel panic - not syncing: .{0,80}/,
  /Internal error: .{0,80}/,
  /Unable to handle kernel .{1,80}/,
  /BUG: KASAN: .{1,80}/,
  /BUG: soft lockup - CPU#\d{1,4}/,
  /INFO: task .{1,40} blocked for more than \d{1,6} seconds/,
  /rcu: INFO: rcu_\w{1,20} (?:self-)?detected stall/,
  /VFS: Unable to mount root fs/,
  /Out of memory: Killed process \d{1,8}/,
  /WARNING: CPU: \d{1,4} PID: \d{1,8} at .{1,80}/,
  ...Array.from({ length: 30 }, (_, i) => new RegExp(`subsystem${i}: fatal error .{0,40} in unit \\d{1,4}`)),
]

function* chunksOf(size: number): Generator<Uint8Array> {
  const block = Buffer.from(kernelLine.repeat(Math.ceil(mebibyte / kernelLine.length))).subarray(0, mebibyte)
  for (let sent = 0; sent < size; sent += chunkSize) {
    const at = sent % mebibyte
    yield block.subarray(at, at + chunkSize)
  }
}

/** @returns milliseconds to read `size` bytes while a prompt is waited for */
async function readThrough(size: number): Promise<number> {
  let board: TransportReader | undefined
  const hub = await ConsoleHub.open({
    name: 'bench',
    charDelayMs: 0,
    lineDelayMs: 0,
    open: (reader) => {
      board = reader
      return Promise.resolve({
        description: 'memory',
        write: () => Promise.resolve(),
        close: () => Promise.resolve(),
      })
    },
    onReceived: () => undefined,
    onSent: () => undefined,
    onClosed: () => undefined,
  })
  const console = hub.take('bench')
  for (const pattern of failPatterns) console.failOn(pattern, ({ text }) => new Error(text))
  using t = startDeadline(600_000, 'bench')
  const start = performance.now()
  const prompt = console.expect({ prompt: /^barebox@.{1,80}:\/\S{0,80} $/ }, t)
  for (const chunk of chunksOf(size)) board?.data(chunk)
  board?.data(Buffer.from('\r\nbarebox@QEMU:/ '))
  await prompt
  return performance.now() - start
}

/** The peer: the same patterns as one plain expression over the same text, without a stream around it. */
function scanPlainly(size: number): number {
  const alternation = new RegExp(failPatterns.map(({ source }) => source).join('|'))
  const text = kernelLine.repeat(Math.floor(mebibyte / kernelLine.length))
  const start = performance.now()
  for (let done = 0; done < size; done += mebibyte) alternation.test(text)
  return performance.now() - start
}

const rate = (size: number, ms: number) => size / 1e6 / (ms / 1000)

export const consoleMatching: Bench = {
  name: 'console-matching',
  async run() {
    const size = 64 * mebibyte
    await readThrough(8 * mebibyte)
    const whole: number[] = []
    const half: number[] = []
    const plain: number[] = []
    for (let round = 0; round < 3; round++) {
      half.push(await readThrough(size / 2))
      whole.push(await readThrough(size))
      plain.push(scanPlainly(size))
    }
    const [wholeMs, halfMs, plainMs] = [median(whole), median(half), median(plain)]
    return [
      {
        what: '64 MiB in 256-byte chunks against 40 fail patterns and a prompt',
        measured: `${rate(size, wholeMs).toFixed(0)} MB/s`,
        peer: `a plain scan of the whole text ${rate(size, plainMs).toFixed(0)} MB/s`,
        ratio: wholeMs / plainMs,
        target: '50 MB/s or more',
        met: rate(size, wholeMs) >= 50,
      },
      {
        what: 'linear: 64 MiB against 32 MiB',
        measured: `${wholeMs.toFixed(0)} ms`,
        peer: `${halfMs.toFixed(0)} ms`,
        ratio: wholeMs / halfMs,
        target: 'at most 2.2 times',
        met: wholeMs / halfMs <= 2.2,
      },
    ]
  },
}
