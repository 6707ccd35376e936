import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { HilError } from '../../../../src/core/errors.ts'
import type { KernelFinding } from '../../../../src/core/events.ts'
import { KernelWatch } from '../../../../src/session/kernel/kernel-watch.ts'

const recording = (name: string) =>
  fileURLToPath(new URL(`../../../fixtures/kernel-log/${name}`, import.meta.url))

const warning = '[    5.000001] WARNING: CPU: 0 PID: 9 at kernel/foo.c:12 foo_bar+0x1c/0x40\r\n'
/** How a kernel begins. @param first when its first line with a time comes, in seconds */
const banner = (first: number) =>
  '[    0.000000] Booting Linux on physical CPU 0x0\r\n[    0.000000] Linux version 6.1.0 (a@b) #1\r\n' +
  Array.from(
    { length: 20 },
    (_, line) => `[    ${(first + line / 100).toFixed(6)}] driver ${line}: ready\r\n`,
  ).join('')

function watch(rules: ConstructorParameters<typeof KernelWatch>[0]['rules'] = []) {
  const events: KernelFinding[] = []
  const deaths: HilError[] = []
  const restarts: string[] = []
  const kernel = new KernelWatch({
    console: 'one',
    rules,
    emit: (event) => {
      if (event.type === 'kernel-finding') events.push(event)
    },
  })
  kernel.listen({
    died: (error) => deaths.push(error),
    restarted: (line) => restarts.push(line),
  })
  const says = (text: string) => {
    kernel.received(Buffer.from(text))
  }
  return { kernel, events, deaths, restarts, says }
}

describe('What the kernel says while a test runs', () => {
  it('is told as an event, with its place on the console, and fails the test', () => {
    const { kernel, events, says } = watch()
    says('$ true\r\n')
    const mark = kernel.mark()
    says(warning)
    const error = kernel.complaintSince(mark)
    assert.equal(error?.code, 'kernel.complaint')
    assert.equal(error.blame, 'board')
    assert.match(error.message, /the kernel of one said "WARNING.*" in the meantime; .*kernel-log\.allow/)
    assert.deepEqual(
      events.map(({ level, kind, offset }) => ({ level, kind, offset })),
      [{ level: 'warning', kind: 'warning', offset: 8 }],
    )
  })

  it('belongs to the test in which it came', () => {
    const { kernel, says } = watch()
    says(warning)
    const mark = kernel.mark()
    says('[    6.000000] usb 1-1: new device\r\n')
    assert.equal(kernel.complaintSince(mark), undefined)
  })

  it('is of no account where it is allowed', () => {
    const { kernel, events, says } = watch([{ match: /^WARNING/, reason: 'known', until: '2999-01-01' }])
    const mark = kernel.mark()
    says(warning)
    assert.equal(kernel.complaintSince(mark), undefined)
    assert.deepEqual(
      events.map(({ level, excuse }) => [level, excuse]),
      [['info', 'known']],
    )
  })

  it('is of no account in a test that allows it, and in no other', () => {
    const { kernel, events, says } = watch()
    const first = kernel.mark([{ match: /^WARNING/, reason: 'provoked', until: '2999-01-01' }])
    says(warning)
    assert.equal(kernel.complaintSince(first), undefined)
    const second = kernel.mark()
    says(warning.replace('5.000001', '6.000001'))
    assert.equal(kernel.complaintSince(second)?.code, 'kernel.complaint')
    assert.deepEqual(
      events.map(({ level, excuse }) => [level, excuse]),
      [
        ['info', 'provoked'],
        ['warning', undefined],
      ],
    )
  })

  it('counts where it stands as the events of each run do', () => {
    const { kernel, events, says } = watch()
    says('[    4.000000] usb 1-1: new device\r\n')
    kernel.countRestarted()
    says(warning)
    kernel.mark()
    assert.deepEqual(
      events.map(({ offset }) => offset),
      [0],
    )
  })

  it('is told as far as it came when the run ends in the middle of it', () => {
    const { kernel, events, says } = watch()
    says(warning + '[    5.000002] Modules linked in: foo')
    assert.deepEqual(events, [])
    kernel.finish()
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['warning'],
    )
  })

  it('is the gravest of what there is', () => {
    const { kernel, says } = watch()
    const mark = kernel.mark()
    says(warning)
    says('[    7.000000] Kernel panic - not syncing: no way out\r\n')
    assert.equal(
      kernel.complaintSince(mark)?.message,
      'the kernel of one panicked: no way out, after WARNING in foo_bar',
    )
  })
})

describe('A kernel that does not go on', () => {
  it('is told with its first line, while its report is still coming', () => {
    const { deaths, events, says } = watch()
    says('[    7.000000] Kernel panic - not syncing: no way out\r\n')
    assert.deepEqual(
      deaths.map(({ code, blame, message }) => [code, blame, message]),
      [['kernel.panic', 'board', 'the kernel of one panicked: no way out']],
    )
    assert.deepEqual(events, [])
  })

  it('names the oops that led to it', () => {
    const { deaths, says } = watch()
    says(readFileSync(recording('oops-external-abort.log'), 'utf8'))
    assert.deepEqual(
      deaths.map(({ message }) => message),
      [
        'the kernel of one panicked: Attempted to kill init! exitcode=0x0000000b, after Internal error in amba_read_periphid',
      ],
    )
  })

  it('is nothing that a program shows of an earlier boot, where the terminal adds no CR', () => {
    const { deaths, says } = watch()
    says(banner(0.1))
    says('[   12.000000] Kernel panic - not syncing: the boot before\n')
    assert.deepEqual(deaths, [])
    says('[   13.000000] Kernel panic - not syncing: now\r\n')
    assert.equal(deaths.length, 1)
  })

  it('is nothing that is allowed', () => {
    const { kernel, deaths, says } = watch([{ match: /panic/, reason: 'no', until: '2999-01-01' }])
    const mark = kernel.mark([{ match: /panic/, reason: 'no', until: '2999-01-01' }])
    says('[    7.000000] Kernel panic - not syncing: no way out\r\n')
    assert.equal(deaths.length, 1)
    assert.equal(kernel.complaintSince(mark)?.code, 'kernel.panic')
  })
})

describe('A board that starts again', () => {
  it('is no surprise after its power was switched on', () => {
    const { kernel, deaths, restarts, says } = watch()
    says(banner(0.1))
    kernel.powering()
    says(banner(0.05))
    assert.deepEqual([deaths, restarts], [[], []])
  })

  it('is no surprise on an edge that resets it, but still has no shell', () => {
    const { kernel, deaths, restarts, says } = watch()
    says(banner(0.1))
    kernel.expectReset()
    says(banner(0.05))
    assert.deepEqual(deaths, [])
    assert.equal(restarts.length, 1)
  })

  it('is dead where nobody asked for it, by kernel or bootloader', () => {
    const { deaths, says } = watch()
    says(banner(0.1))
    says(banner(0.05))
    says('U-Boot 2025.01 (Jan 06 2025 - 00:00:00 +0000)\r\n')
    assert.deepEqual(
      deaths.map(({ code, message }) => [code, message]),
      [
        [
          'board.silent-reset',
          'the board one reset by itself: its kernel started again ("Booting Linux on physical CPU 0x0")',
        ],
        [
          'board.silent-reset',
          'the board one reset by itself: its bootloader started again ("U-Boot 2025.01 (Jan 06 2025 - 00:00:00 +0000)")',
        ],
      ],
    )
  })

  it('is dead also where its kernel was not seen to start', () => {
    const { kernel, deaths, says } = watch()
    kernel.runs()
    says('barebox 2025.09.0 #1 Mon Sep 15 00:00:00 UTC 2025\r\n')
    assert.equal(deaths.length, 1)
  })
})
