import { KernelLogReader } from '../src/kernel/kernel-log-reader.ts'
import { interleave, type Bench } from './bench.ts'

const mebibyte = 1024 * 1024
const size = 64 * mebibyte

/** What a healthy kernel says. */
const ordinary = [
  'virtio_blk virtio1: [vda] 131072 512-byte logical blocks (67.1 MB/64.0 MiB)',
  'pci 0000:00:01.0: BAR 4: assigned [mem 0x8000000000-0x8000003fff 64bit pref]',
  'usb 1-1: new high-speed USB device number 2 using xhci_hcd',
  'EXT4-fs (vda2): mounted filesystem with ordered data mode. Quota mode: none.',
]
const report = [
  '------------[ cut here ]------------',
  'WARNING: CPU: 0 PID: 1 at kernel/foo.c:12 foo+0x10/0x20',
  'pc : foo+0x10/0x20',
  'Call trace:',
  ...Array.from({ length: 20 }, (_, depth) => ` caller${depth}+0x10/0x20`),
  '---[ end trace 0000000000000000 ]---',
]
/** Lines made to be slow to match: triggers, no ends, deep almost-matches. */
const hostile = [
  `WARNING: ${'mm/a.c at '.repeat(300)}`,
  `BUG: Dentry ${' still in use (1) [unmount'.repeat(150)}`,
  `${'BUG:INFO:WARNING:'.repeat(200)}`,
  `INFO: task ${' '.repeat(3000)}blocked for more`,
  `${'[    1.000000]'.repeat(280)} ok 1 ${'# '.repeat(30)}`,
  `# ${'# '.repeat(1900)}`,
]

/** @returns a block that can be repeated */
function block(messages: readonly string[]): Buffer {
  const lines = messages.map((message, at) => `[    1.${String(234567 + at)}] ${message}\r\n`).join('')
  return Buffer.from(lines.repeat(Math.ceil(mebibyte / lines.length)))
}

function read(bytes: Buffer, length: number, chunkSize: number): void {
  const reader = new KernelLogReader()
  for (let sent = 0; sent < length; sent += chunkSize) {
    const at = sent % (bytes.length - chunkSize)
    reader.push(bytes.subarray(at, at + chunkSize), sent)
  }
  reader.end()
}

/** The peer: whoever reads lines has to find their ends and decode them. */
function splitPlainly(bytes: Buffer, length: number, chunkSize: number): number {
  let [lines, rest] = [0, '']
  for (let sent = 0; sent < length; sent += chunkSize) {
    const at = sent % (bytes.length - chunkSize)
    const parts = (rest + bytes.toString('latin1', at, at + chunkSize)).split('\n')
    rest = parts.pop() ?? ''
    lines += parts.length
  }
  return lines
}

const rate = (length: number, ms: number) => length / 1e6 / (ms / 1000)

export const kernelLog: Bench = {
  name: 'kernel-log',
  async run() {
    const [calm, noisy, bombs] = [block(ordinary), block(report), block(hostile)]
    const times = await interleave(5, {
      whole: () => read(calm, size, 4096),
      half: () => read(calm, size / 2, 4096),
      plain: () => splitPlainly(calm, size, 4096),
      small: () => read(calm, size, 256),
      noisy: () => read(noisy, size / 8, 4096),
      bombs: () => read(bombs, size / 8, 4096),
      halfBombs: () => read(bombs, size / 16, 4096),
    })
    // The fastest round: whatever else the machine does only adds to it.
    const ms = Object.fromEntries(Object.entries(times).map(([name, all]) => [name, Math.min(...all)]))
    const of = (name: string) => ms[name] ?? Number.NaN
    return [
      {
        what: '64 MiB of ordinary kernel lines in 4 KiB chunks',
        measured: `${rate(size, of('whole')).toFixed(0)} MB/s`,
        peer: `splitting the same into lines ${rate(size, of('plain')).toFixed(0)} MB/s`,
        ratio: of('whole') / of('plain'),
        target: '100 MB/s or more',
        met: rate(size, of('whole')) >= 100,
      },
      {
        what: 'the same in chunks of 256 bytes',
        measured: `${rate(size, of('small')).toFixed(0)} MB/s`,
        target: '100 MB/s or more',
        met: rate(size, of('small')) >= 100,
      },
      {
        what: 'linear: 64 MiB against 32 MiB',
        measured: `${of('whole').toFixed(0)} ms`,
        peer: `${of('half').toFixed(0)} ms`,
        ratio: of('whole') / of('half'),
        target: 'at most 2.2 times',
        met: of('whole') / of('half') <= 2.2,
      },
      {
        what: '8 MiB of nothing but warnings with their stacks',
        measured: `${rate(size / 8, of('noisy')).toFixed(1)} MB/s`,
        target: '2 MB/s or more',
        met: rate(size / 8, of('noisy')) >= 2,
      },
      {
        what: '8 MiB of lines made to be slow against 4 MiB',
        measured: `${rate(size / 8, of('bombs')).toFixed(1)} MB/s`,
        peer: `${of('halfBombs').toFixed(0)} ms`,
        ratio: of('bombs') / of('halfBombs'),
        target: 'at most 2.2 times, 1 MB/s or more',
        met: of('bombs') / of('halfBombs') <= 2.2 && rate(size / 8, of('bombs')) >= 1,
      },
    ]
  },
}
