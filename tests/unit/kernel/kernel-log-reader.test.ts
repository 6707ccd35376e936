import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import type { Finding } from '../../../src/kernel/finding.ts'
import { KernelLogReader, type KernelLogOptions } from '../../../src/kernel/kernel-log-reader.ts'
import { readKernelLog, type KernelLog } from '../../../src/kernel/read-kernel-log.ts'

const silentReset = readFileSync(new URL('../../fixtures/kernel-log/silent-reset.log', import.meta.url))
const panicLine = '[   12.345678] Kernel panic - not syncing: Fatal exception\r\n'

/** Stages, splats of several tasks, KTAP, a prompt, an overlong line, and letters of several bytes. */
const mixed = Buffer.concat([
  Buffer.from('U-Boot SPL 2024.01 (Jan 01 2026)\r\n\r\nU-Boot 2024.01 (Jan 01 2026)\r\n=> boot\r\n'),
  silentReset.subarray(0, 4000),
  Buffer.from('[    2.000000] Run /init as init process\r\nKTAP version 1\r\n1..2\r\nok 1 größe\r\n'),
  Buffer.from('[    3.000000][    T7] BUG: KASAN: use-after-free in föö+0x1/0x2\r\n'),
  Buffer.from('[    3.000001][    T8] WARNING: CPU: 1 PID: 8 at kernel/a.c:1 bar+0x1/0x2\r\n'),
  Buffer.from('[    3.000002][    T7] Read of size 8 at addr ffff0000 by task a/7\r\n'),
  Buffer.from('[    3.000003][    T8] Call trace:\r\n[    3.000004][    T8]  bar+0x1/0x2\r\n'),
  Buffer.from(`${'x'.repeat(9000)}[    4.000000] Kernel panic - not syncing: 🐧 im Wald\r\n/ # `),
  Buffer.from('not ok 2 \x1b[31mrot\x1b[0m\r\nroot@board:~# \xff\xfe\0'),
])

function readInChunks(bytes: Uint8Array, cuts: readonly number[]): KernelLog {
  const ends = [...new Set(cuts)].filter((cut) => cut < bytes.length).sort((a, b) => a - b)
  return readKernelLog(
    [...ends, bytes.length].map((end, index) => ({
      bytes: bytes.subarray(ends[index - 1] ?? 0, end),
      hostTimeMs: 0,
    })),
  )
}

function listen(options: KernelLogOptions = {}) {
  const found: Finding[] = []
  const reported: Finding[] = []
  const reader = new KernelLogReader({
    ...options,
    onFinding: (finding) => found.push(finding),
    onReport: (finding) => reported.push(finding),
  })
  return { reader, found, reported }
}

describe('the reader of kernel logs', () => {
  it('reads the same however the bytes are cut', () => {
    const whole = readKernelLog(mixed)
    assert.ok(whole.findings.length >= 3 && whole.ktap.length === 2, JSON.stringify(whole, undefined, 1))
    fc.assert(
      fc.property(fc.array(fc.nat(mixed.length)), (cuts) => {
        assert.deepEqual(readInChunks(mixed, cuts), whole)
      }),
      { numRuns: 200 },
    )
  })

  it('reads the same byte by byte', () => {
    assert.deepEqual(
      readInChunks(
        mixed,
        Array.from(mixed, (_, index) => index),
      ),
      readKernelLog(mixed),
    )
  })

  it('takes any bytes', () => {
    const pieces = [
      panicLine,
      'ok 1 a\n',
      'TAP version 13\n',
      '  1..3\n',
      '# ',
      '\x1b[',
      '[    1.000000][T1] ',
      'BUG: ',
    ]
    const input = fc.array(
      fc.oneof(
        fc.uint8Array(),
        fc.constantFrom(...pieces).map((text) => Buffer.from(text)),
      ),
    )
    fc.assert(
      fc.property(input, (chunks) => {
        const whole = readKernelLog(Buffer.concat(chunks))
        assert.deepEqual(readKernelLog(chunks.map((bytes) => ({ bytes, hostTimeMs: 0 }))), whole)
      }),
    )
  })

  it('tells of a panic with the last byte of its line, before any other', () => {
    const { reader, found, reported } = listen()
    reader.push(panicLine.slice(0, -1), 1000)
    assert.equal(found.length, 0)
    reader.push('\n', 1003)
    const [panic] = found
    assert.equal(panic?.level, 'fatal')
    assert.equal(panic.title, 'kernel panic: Fatal exception')
    assert.equal(panic.hostTimeMs, 1000)
    assert.equal(panic.kernelTime, 12.345678)
    assert.equal(reported.length, 0)
  })

  it('gives the report when its last line has come, or when it is told that nothing comes any more', () => {
    const ended = listen()
    ended.reader.push(
      `${panicLine}[   12.345679] ---[ end Kernel panic - not syncing: Fatal exception ]---\r\n`,
    )
    assert.equal(ended.reported[0]?.lines.length, 2)

    const flushed = listen()
    flushed.reader.push(panicLine)
    flushed.reader.flush()
    assert.equal(flushed.reported[0]?.lines.length, 1)
  })

  it('makes nothing new of the rest of a report that was ended early', () => {
    const { reader, found } = listen()
    reader.push('[    1.000000] Unable to handle kernel NULL pointer dereference at virtual address 10\r\n')
    assert.ok(reader.isReading)
    reader.flush()
    assert.ok(!reader.isReading)
    reader.push('[    1.000100] Internal error: Oops: 0000000096000004 [#1] SMP\r\n')
    assert.equal(found.length, 1)
    reader.push('[   60.000000] Internal error: synchronous external abort: 0000000096000210 [#2] SMP\r\n')
    assert.equal(found.length, 2)
  })

  it('finds a panic behind a megabyte without a line end', () => {
    const { reader, found } = listen()
    reader.push(Buffer.alloc(1024 * 1024, 'x'))
    reader.push(panicLine)
    assert.equal(found[0]?.title, 'kernel panic: Fatal exception')
  })

  it('finds a panic at every place of an overlong line', () => {
    for (let length = 3900; length < 4200; length++) {
      const { found, reader } = listen()
      reader.push(`${'x'.repeat(length)}${panicLine}`)
      assert.deepEqual(
        found.map(({ title }) => title),
        ['kernel panic: Fatal exception'],
        `after ${length} bytes`,
      )
    }
  })

  it('finds what stands behind the unfinished line of a program', () => {
    const { reader, found } = listen()
    reader.push(`~ # cat /proc/upt${panicLine}`)
    assert.equal(found[0]?.title, 'kernel panic: Fatal exception')
  })

  it('finds a panic among control sequences', () => {
    const { reader, found } = listen()
    reader.push(`\x1b[1;31m${panicLine.trimEnd()}\x1b[0m\r\n`)
    assert.equal(found[0]?.title, 'kernel panic: Fatal exception')
  })

  it('counts bytes from its first to tell where a finding is', () => {
    const { reader, reported } = listen()
    reader.push('größer\r\n')
    reader.push(panicLine)
    reader.end()
    const before = Buffer.byteLength('größer\r\n')
    assert.equal(reported[0]?.offset, before)
    assert.equal(reported[0].end, before + panicLine.length)
    assert.equal(reported[0].line, 2)
  })

  it('stays fast when every line is made to be slow', () => {
    const bombs = [
      `WARNING: ${'mm/a.c at '.repeat(380)}`,
      `BUG: Dentry ${' still in use (1) [unmount'.repeat(150)}`,
      'BUG:INFO:WARNING:'.repeat(230),
      `INFO: task ${' '.repeat(3000)}blocked for more`,
      `${'[    1.000000]'.repeat(280)} ok 1 ${'# '.repeat(30)}`,
      '# '.repeat(2000),
      ' '.repeat(4000),
      `RIP: ${'0010:'.repeat(700)}`,
      `BUG: ${'\u0090'.repeat(2000)}`,
      `BUG: ${'\x1b[;'.repeat(1300)}`,
      `BUG: ${'\x1b]0;'.repeat(1000)}`,
      `BUG: [<c0100000>] (${'a+b/'.repeat(900)}`,
    ].join('\r\n')
    const flood = Buffer.from(`${bombs}\r\n`.repeat(100))
    const start = performance.now()
    readKernelLog(flood)
    // About 0.3 s on an idle core; quadratic work would take minutes.
    assert.ok(performance.now() - start < 15_000)
  })

  it('tells no more than a thousand findings of a kernel that warns for ever, and its panic', () => {
    const lines = Array.from({ length: 3000 }, (_, at) => {
      return `[  ${100 + at}.000000] BUG: Bad rss-counter state mm:${at} idx:1 val:2\r\n`
    })
    const { findings } = readKernelLog(
      [...lines, '[ 9000.000000] Kernel panic - not syncing: at last\r\n'].join(''),
    )
    assert.equal(findings.length, 1001)
    assert.equal(findings.at(-1)?.level, 'fatal')
  })

  it('does not tell a second time what a log shown again says', () => {
    const warning = '[    5.000000] BUG: Bad rss-counter state mm:1 idx:1 val:2\r\n'
    assert.equal(readKernelLog(warning + warning).findings.length, 1)
  })

  it('tells the kernel from programs by the time before its lines, though noise garbled it', () => {
    const log = [
      '[    5.000000] usb 1-1: a line with a time',
      'Kernel panic - not syncing: printed by a test',
      '[    6.00\xb50000] Kernel panic - not syncing: noise on the line',
    ].join('\r\n')
    assert.deepEqual(
      readKernelLog(log).findings.map(({ level }) => level),
      ['info', 'fatal'],
    )
  })

  it('counts what is allowed as information, and says why', () => {
    const log = '[    5.000000] BUG: Bad rss-counter state mm:1 idx:1 val:2\r\n' + panicLine
    const allow = [
      { match: 'BUG: Bad rss-counter state', reason: 'known since 6.1' },
      { match: /kernel panic/, reason: 'wishful thinking' },
    ]
    assert.deepEqual(
      readKernelLog(log, { allow }).findings.map(({ level, excuse }) => ({ level, excuse })),
      [
        { level: 'info', excuse: 'known since 6.1' },
        { level: 'fatal', excuse: undefined },
      ],
    )
  })
})
