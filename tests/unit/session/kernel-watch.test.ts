import assert from 'node:assert/strict'
import type { KernelFinding, RunEventBody } from '../../../src/core/events.ts'
import { KernelWatch } from '../../../src/session/kernel-watch.ts'

const warning = '[    5.000001] WARNING: CPU: 0 PID: 9 at kernel/foo.c:12 foo_bar+0x1c/0x40\r\n'
const banner = (seconds: string) =>
  `[    0.000000] Booting Linux on physical CPU 0x0\r\n[    0.000000] Linux version 6.1.0 (a@b) #1\r\n` +
  Array.from({ length: 20 }, (_, line) => `[    ${seconds}${line + 10}] driver ${line}: ready\r\n`).join('')

function watch(rules: ConstructorParameters<typeof KernelWatch>[1] = []) {
  const events: KernelFinding[] = []
  const kernel = new KernelWatch('one', rules, (event) => {
    if (event.type === 'kernel-finding') events.push(event)
  })
  const says = (text: string, board = 'one') => {
    kernel.see({ type: 'console-rx', board, text })
  }
  return { kernel, events, says }
}

const power = (action: 'on' | 'off'): RunEventBody => ({ type: 'power', board: 'one', action, ok: true })

const entering = (from: string, to: string): RunEventBody => ({
  type: 'state-entering',
  board: 'one',
  from,
  to,
  attempt: 1,
  budgetMs: 1,
})

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

  it('is of no account where it is allowed, or of another board', () => {
    const { kernel, events, says } = watch([{ match: /^WARNING/, reason: 'known', until: '2999-01-01' }])
    const mark = kernel.mark()
    says(warning)
    says('[    5.000001] BUG: soft lockup - CPU#0 stuck for 22s!\r\n', 'another')
    assert.equal(kernel.complaintSince(mark), undefined)
    assert.deepEqual(
      events.map(({ level, excuse }) => [level, excuse]),
      [['info', 'known']],
    )
  })

  it('is the gravest of what there is', () => {
    const { kernel, says } = watch()
    const mark = kernel.mark()
    says(warning)
    says('[    7.000000] Kernel panic - not syncing: no way out\r\n')
    assert.match(
      kernel.complaintSince(mark)?.message ?? '',
      /"kernel panic: no way out".*, and one thing more/,
    )
  })

  it('is no surprise after the power was off, or where the strategy boots', () => {
    for (const reason of [power('off'), entering('shell', 'bootloader')]) {
      const { kernel, says } = watch()
      says(banner('0.1000'))
      kernel.see(reason)
      const mark = kernel.mark()
      says(banner('0.0500'))
      assert.equal(kernel.complaintSince(mark), undefined, reason.type)
    }
  })

  it('is a reset that nobody asked for', () => {
    const { kernel, says } = watch()
    says(banner('0.1000'))
    kernel.see(entering('linux', 'shell'))
    const mark = kernel.mark()
    says(banner('0.0500'))
    assert.match(kernel.complaintSince(mark)?.message ?? '', /"unexpected kernel reboot"/)
  })
})
