import assert from 'node:assert/strict'
import { readKernelLog } from '../../../src/kernel/read-kernel-log.ts'

/** A report as the kernel prints it, stamps left out, and what it should be called. */
interface Case {
  readonly title: string
  readonly level: string
  readonly report: string
}

const cases: readonly Case[] = [
  {
    title: 'KASAN: slab-use-after-free Write in pump_refill',
    level: 'error',
    report: `
==================================================================
BUG: KASAN: slab-use-after-free in memset+0x20/0x40
Write of size 64 at addr ffff000004a3b100 by task pump/112
CPU: 1 PID: 112 Comm: pump Not tainted 6.9.0 #1
Call trace:
 dump_backtrace+0x90/0xe8
 kasan_report+0xb8/0xfc
 memset+0x20/0x40
 pump_refill+0x44/0x90 [pump]
 process_one_work+0x170/0x3a8
==================================================================`,
  },
  {
    title: 'KCSAN: data-race in fill / drain',
    level: 'error',
    report: 'BUG: KCSAN: data-race in fill / drain',
  },
  {
    title: 'KFENCE: out-of-bounds read in pump_level',
    level: 'error',
    report: `
BUG: KFENCE: out-of-bounds read in pump_level+0x10/0x60
Out-of-bounds read at 0x00000000d0c4a3b1 (1B left of kfence-#12):
 pump_level+0x10/0x60`,
  },
  {
    title: 'UBSAN: shift-out-of-bounds in pump_rate',
    level: 'error',
    report: `
UBSAN: shift-out-of-bounds in drivers/pump/rate.c:40:9
shift exponent 64 is too large for 32-bit type 'int'
Call trace:
 dump_stack+0x18/0x24
 __ubsan_handle_shift_out_of_bounds+0x1a4/0x200
 pump_rate+0x3c/0x60`,
  },
  {
    title: 'BUG: unable to handle kernel NULL pointer dereference in pump_open',
    level: 'error',
    report: `
Unable to handle kernel NULL pointer dereference at virtual address 0000000000000010
Internal error: Oops: 0000000096000004 [#1] PREEMPT SMP
Modules linked in: pump
CPU: 0 PID: 90 Comm: cat Not tainted 6.9.0 #1
pc : pump_open+0x18/0x40 [pump]
lr : pump_open+0x10/0x40 [pump]
Call trace:
 pump_open+0x18/0x40 [pump]
 chrdev_open+0xc8/0x2e0
---[ end trace 0000000000000000 ]---`,
  },
  {
    title: 'BUG: unable to handle kernel paging request in pump_ioctl',
    level: 'error',
    report: `
BUG: unable to handle page fault for address: ffffc90000ff0000
Oops: 0002 [#1] PREEMPT SMP
RIP: 0010:pump_ioctl+0x21/0x50
Call Trace:
 <TASK>
 ? ghost+0x1/0x2
 vfs_ioctl+0x20/0x40`,
  },
  {
    title: 'Internal error in pump_irq',
    level: 'error',
    report: `
Internal error: synchronous external abort: 0000000096000210 [#1] SMP
pc : pump_irq+0x30/0x80
Call trace:
 pump_irq+0x30/0x80`,
  },
  {
    title: 'SError interrupt in pump_write',
    level: 'error',
    report: `
SError Interrupt on CPU1, code 0x00000000bf000002 -- SError
CPU: 1 PID: 80 Comm: pump Not tainted 6.9.0 #1
pc : pump_write+0x30/0x80
Call trace:
 pump_write+0x30/0x80`,
  },
  {
    title: 'kernel BUG in pump_stop',
    level: 'error',
    report: `
kernel BUG at drivers/pump/core.c:99!
Internal error: Oops - BUG: 00000000f2000800 [#1] SMP
pc : pump_stop+0x40/0x44
Call trace:
 pump_stop+0x40/0x44`,
  },
  {
    title: 'WARNING in pump_probe',
    level: 'warning',
    report: `
------------[ cut here ]------------
WARNING: CPU: 2 PID: 1 at drivers/pump/core.c:17 pump_probe+0x20/0x30
pc : pump_probe+0x20/0x30
Call trace:
 pump_probe+0x20/0x30
 platform_probe+0x60/0xc0
---[ end trace 0000000000000000 ]---`,
  },
  {
    title: 'WARNING in pump_probe',
    level: 'warning',
    report: `
WARNING: drivers/pump/core.c:17 at pump_probe+0x20/0x30, CPU#2: swapper/0/1
pc : pump_probe+0x20/0x30
Call trace:
 pump_probe+0x20/0x30`,
  },
  {
    title: 'WARNING: refcount bug in pump_put',
    level: 'warning',
    report: `
WARNING: CPU: 0 PID: 1 at lib/refcount.c:28 refcount_warn_saturate+0xa8/0x140
pc : refcount_warn_saturate+0xa8/0x140
Call trace:
 refcount_warn_saturate+0xa8/0x140
 pump_put+0x30/0x40`,
  },
  {
    title: 'possible deadlock in pump_lock',
    level: 'warning',
    report: `
WARNING: possible circular locking dependency detected
6.9.0 #1 Not tainted
------------------------------------------------------
pump/12 is trying to acquire lock:
ffff000001 (&a){+.+.}-{3:3}, at: pump_lock+0x20/0x40

but task is already holding lock:
ffff000002 (&b){+.+.}-{3:3}, at: pump_hold+0x20/0x40
stack backtrace:
CPU: 1 PID: 12 Comm: pump Not tainted 6.9.0 #1
Call trace:
 pump_lock+0x20/0x40`,
  },
  {
    title: 'WARNING: suspicious RCU usage in pump_walk',
    level: 'warning',
    report: `
WARNING: suspicious RCU usage
drivers/pump/list.c:12 suspicious rcu_dereference_check() usage!
Call trace:
 lockdep_rcu_suspicious+0x1a0/0x2a0
 pump_walk+0x40/0x80`,
  },
  {
    title: 'INFO: rcu detected stall in pump_spin',
    level: 'error',
    report: `
rcu: INFO: rcu_preempt self-detected stall on CPU
rcu: \t0-....: (5249 ticks this GP) idle=1234
CPU: 0 PID: 77 Comm: pump Not tainted 6.9.0 #1
pc : pump_busy+0x10/0x20
Call trace:
 el1h_64_irq+0x64/0x68
 pump_busy+0x10/0x20
 pump_spin+0x10/0x20
 vfs_write+0xc8/0x390`,
  },
  {
    title: 'BUG: soft lockup in pump_spin',
    level: 'error',
    report: `
watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [pump:77]
CPU: 0 PID: 77 Comm: pump Not tainted 6.9.0 #1
pc : pump_busy+0x10/0x20
Call trace:
 pump_busy+0x10/0x20
 pump_spin+0x10/0x20
 vfs_write+0xc8/0x390`,
  },
  {
    title: 'INFO: task hung in pump_drain',
    level: 'error',
    report: `
INFO: task pump:33 blocked for more than 120 seconds.
      Not tainted 6.9.0 #1
task:pump            state:D stack:0     pid:33
Call trace:
 __switch_to+0xe0/0x120
 __schedule+0x300/0x900
 schedule+0x58/0xc0
 pump_drain+0x30/0x60`,
  },
  {
    title: 'out of memory: killed pump',
    level: 'error',
    report: `
sh invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER), order=0, oom_score_adj=0
Call trace:
 dump_backtrace+0x90/0xe8
 out_of_memory+0x1f0/0x500
Out of memory: Killed process 107 (pump) total-vm:123456kB`,
  },
  {
    title: 'kernel panic: corrupted stack end in pump_recurse',
    level: 'fatal',
    report: `
Kernel panic - not syncing: corrupted stack end detected inside scheduler
Call trace:
 panic+0x300/0x360
 schedule+0x58/0xc0
 pump_more+0x30/0x60
 pump_recurse+0x30/0x60
 process_one_work+0x170/0x3a8`,
  },
  {
    title: 'kernel panic: No working init found.  Try passing init= option to kernel.',
    level: 'fatal',
    report: `Kernel panic - not syncing: No working init found.  Try passing init= option to kernel.`,
  },
  {
    title: 'VFS: cannot open root device "mmcblk0p2"',
    level: 'error',
    report: 'VFS: Cannot open root device "mmcblk0p2" or unknown-block(0,0): error -6',
  },
  {
    title: 'initramfs unpacking failed: write error',
    level: 'warning',
    report: 'Initramfs unpacking failed: write error',
  },
  {
    title: 'deferred probe pending: fe2b0000.mmc',
    level: 'warning',
    report: 'platform fe2b0000.mmc: deferred probe pending: dwmmc_rockchip: supplier not ready',
  },
  {
    title: 'deferred probe pending: pump',
    level: 'warning',
    report: 'pump: deferred probe pending',
  },
  {
    title: 'BUG: unable to handle kernel NULL pointer dereference in pump_poll',
    level: 'error',
    report: `
BUG: unable to handle kernel NULL pointer dereference at 0000000000000000
Oops: 0010 [#1] SMP
CPU: 1 PID: 45 Comm: pump Not tainted 4.17.0 #1
RIP: 0010:          (null)
Code: Bad RIP value.
RSP: 0018:ffff8801afb4f3a0 EFLAGS: 00010246
Call Trace:
 pump_poll+0x211/0xdd0
 do_sys_poll+0x6f0/0x1150
---[ end trace 3b91c1d3c5c8e8d1 ]---`,
  },
  {
    title: 'WARNING: nested lock was not taken in pump_evict',
    level: 'warning',
    report: `
WARNING: Nested lock was not taken
6.0.0 #0 Not tainted
----------------------------------
pump/45 is trying to lock:
ffff0000c495a9d8 (&s->s_inode_list_lock){+.+.}-{2:2}, at: pump_evict+0x90/0x334

but this task is not holding:`,
  },
  {
    title: 'initcall pump_init returned with preemption imbalance',
    level: 'warning',
    report: 'initcall pump_init+0x0/0x20 returned with preemption imbalance',
  },
  {
    title: 'BUG: something new',
    level: 'error',
    report: 'BUG: something new',
  },
]

function consoleOf(report: string): string {
  return report
    .trimStart()
    .split('\n')
    .map((line, at) => `[   10.${String(100_000 + at)}] ${line}\r\n`)
    .join('')
}

describe('splats', () => {
  for (const { title, level, report } of cases) {
    it(`names "${title}"`, () => {
      const { findings } = readKernelLog(consoleOf(report))
      assert.deepEqual(
        findings.map((finding) => ({ title: finding.title, level: finding.level })),
        [{ title, level }],
      )
    })
  }

  it('gives the same bug the same signature, wherever and whenever it strikes', () => {
    const [one, other] = [
      'unknown-block(0,0) at 0xffff0000 in pump0',
      'unknown-block(179,2) at 0xc0de in pump0',
    ].map((text) => readKernelLog(consoleOf(`Kernel panic - not syncing: ${text}`)).findings[0])
    assert.equal(one?.signature, 'kernel panic: unknown-block(NUM,NUM) at ADDR in pump0')
    assert.equal(other?.signature, one.signature)
  })

  it('marks a report that was cut short, and still says what it is', () => {
    const [finding] = readKernelLog(
      consoleOf('watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [pump:77]'),
    ).findings
    assert.equal(finding?.title, 'BUG: soft lockup')
    assert.equal(finding.corrupted, 'it names no function')
  })

  it('takes the function of a warning without a call trace from its first line', () => {
    const [finding] = readKernelLog(
      consoleOf('WARNING: CPU: 0 PID: 9 at drivers/pump.c:12 pump_start+0x1c/0x40'),
    ).findings
    assert.equal(finding?.title, 'WARNING in pump_start')
    assert.equal(finding.corrupted, 'its call trace is missing')
  })

  it('reads the stack of 32-bit arm, which comes without a word before it, of old kernels and new ones', () => {
    const stacks = [
      '[<c0100000>] (pump_read) from [<c0200000>] (vfs_read+0x1/0x2)',
      '[<c0100000>] (pump_read+0x1/0x2 [pump]) from [<c0200000>] (vfs_read+0x1/0x2)',
    ]
    for (const stack of stacks) {
      const { findings } = readKernelLog(
        consoleOf(
          `Unable to handle kernel NULL pointer dereference at virtual address 0000002c\nInternal error: Oops: 5 [#1] SMP ARM\nPC is at mutex_lock+0x1/0x2\n${stack}`,
        ),
      )
      assert.deepEqual(
        findings.map(({ title, corrupted }) => [title, corrupted]),
        [['BUG: unable to handle kernel NULL pointer dereference in pump_read', undefined]],
      )
    }
  })

  it('gives nothing to show that a terminal would obey', () => {
    const [finding] = readKernelLog(
      'Kernel panic - not syncing: \u009b2J\u009b31mred\u0000\x07 \x1b]0;title\x07and \x1b[1mbold\r\n',
    ).findings
    assert.equal(finding?.title, 'kernel panic: red and bold')
    assert.deepEqual(finding.lines, ['Kernel panic - not syncing: red and bold'])
  })

  it('says which CPU and which task', () => {
    const report = cases.find(({ title }) => title === 'kernel BUG in pump_stop')?.report ?? ''
    const named = `${report}\nCPU: 3 UID: 0 PID: 44 Comm: a b Not tainted 6.13.0 #1`
    const [finding] = readKernelLog(consoleOf(named)).findings
    assert.equal(finding?.cpu, 3)
    assert.deepEqual(finding.task, { name: 'a b', pid: 44 })
  })

  it('takes apart two reports that come at once, by who speaks', () => {
    const log = [
      '[   10.000001][   T11] BUG: KASAN: use-after-free in left+0x1/0x10',
      '[   10.000002][   T22] WARNING: CPU: 1 PID: 22 at kernel/right.c:1 right+0x1/0x10',
      '[   10.000003][   T11] Read of size 8 at addr ffff by task a/11',
      '[   10.000004][   T22] pc : right+0x1/0x10',
      '[   10.000005][   T22] Call trace:',
      '[   10.000006][   T11] Call trace:',
      '[   10.000007][   T11]  left+0x1/0x10',
      '[   10.000008][   T22]  right+0x1/0x10',
      '[   10.000009][   T22]  right_caller+0x1/0x10',
      '[   10.000010][   T11]  left_caller+0x1/0x10',
    ].join('\r\n')
    const { findings } = readKernelLog(log)
    assert.deepEqual(
      findings.map(({ title, frames }) => ({ title, frames })),
      [
        { title: 'KASAN: use-after-free Read in left', frames: ['left', 'left_caller'] },
        { title: 'WARNING in right', frames: ['right', 'right_caller'] },
      ],
    )
  })

  it('leaves alone what only looks like a splat', () => {
    const log = [
      'ODEBUG: Out of memory. ODEBUG disabled',
      'INFO: lockdep is turned off.',
      'traps: cat[12] general protection fault ip:7f00 sp:7ffc error:0 in libc.so[7f00+1000]',
      'perf: interrupt took too long (2501 > 2500), lowering kernel.perf_event_max_sample_rate',
      'INVALID BTF_INFO:12345',
      'initcall pump_init+0x0/0x20 returned 0 after 12 usecs',
      'initcall pump_init+0x0/0x20 returned -19 after 12 usecs',
    ].join('\n')
    assert.deepEqual(readKernelLog(consoleOf(log)).findings, [])
  })

  it('classes what bootloaders and the first programs say', () => {
    const log = [
      "TFTP error: 'File not found' (1)",
      '### ERROR ### Please RESET the board ###',
      '[\x1b[0;1;31mFAILED\x1b[0m] Failed to start Pump control.',
      '[    1.414494] systemd[1]: Freezing execution.',
      'rsinit: error: no /sbin/init',
      'hil-init: warning: the modules of the payload hide updates/own.ko of the root file system',
      'hil-init: error: root=/dev/vda1 did not appear within 10 s; block devices: vdb',
    ].join('\r\n')
    assert.deepEqual(
      readKernelLog(log).findings.map(({ level, title }) => `${level}: ${title}`),
      [
        "info: TFTP error: 'File not found' (1)",
        'error: the bootloader gave up: please reset the board',
        'warning: systemd: failed to start Pump control',
        'fatal: systemd: freezing execution',
        'error: rsinit: error: no /sbin/init',
        "info: hil's init: the modules of the payload hide updates/own.ko of the root file system",
        "fatal: hil's init: root=/dev/vda1 did not appear within 10 s; block devices: vdb",
      ],
    )
  })

  it("tells of a warning in a driver's own words, and makes nothing of it", () => {
    const [finding] = readKernelLog(consoleOf('pump: WARNING: the well runs dry')).findings
    assert.equal(finding?.level, 'info')
    assert.equal(finding.title, 'WARNING: the well runs dry')
  })
})
