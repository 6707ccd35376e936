import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readKernelLog } from '../../../src/kernel/read-kernel-log.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))
const recordings = join(fixtures, 'kernel-log')

/** Level, kind and title of the findings of one recording. */
const expected: Readonly<Record<string, readonly string[]>> = {
  'panic-sysrq.log': ['fatal panic: kernel panic: sysrq triggered crash'],
  'panic-init-exits.log': ['fatal panic: kernel panic: Attempted to kill init!'],
  'panic-no-root.log': ['fatal panic: kernel panic: VFS: Unable to mount root fs on unknown-block(0,0)'],
  'panic-no-root-linux-7.2.log': [
    'error no-init: initramfs has no /missing (error -2)',
    'error no-root: VFS: cannot open root device "/dev/vda1"',
    'fatal panic: kernel panic: VFS: Unable to mount root fs on unknown-block(0,0)',
  ],
  'panic-no-root-arm.log': ['fatal panic: kernel panic: VFS: Unable to mount root fs on unknown-block(0,0)'],
  'panic-out-of-memory.log': [
    'error out-of-memory: out of memory',
    'fatal panic: kernel panic: System is deadlocked on memory',
  ],
  'panic-hung-task.log': [
    'error hung-task: INFO: task hung in mnt_want_write',
    'fatal panic: kernel panic: hung_task: blocked tasks',
  ],
  'hung-task.log': ['error hung-task: INFO: task hung in mnt_want_write'],
  'oops-external-abort.log': [
    'error oops: Internal error in amba_read_periphid',
    'fatal panic: kernel panic: Attempted to kill init!',
  ],
  'oom-kill.log': ['error out-of-memory: out of memory: killed tail'],
  'programs-that-cry-wolf.log': ['fatal panic: kernel panic: told by a program'],
  'warning.log': ['warning warning: WARNING in warn_on_it'],
  'oops-null-pointer.log': [
    'error kasan: KASAN: null-ptr-deref Write in follow_null',
    'error oops: BUG: unable to handle kernel NULL pointer dereference in follow_null',
  ],
  'kasan-use-after-free.log': ['error kasan: KASAN: slab-use-after-free Read in read_after_free'],
  'kasan-out-of-bounds.log': ['error kasan: KASAN: slab-out-of-bounds Write in write_too_far'],
  'lockdep-deadlock.log': ['warning lockdep: possible deadlock in lock_other_way'],
  'scheduling-while-atomic.log': [
    'error atomic-sleep: BUG: scheduling while atomic in msleep',
    'warning warning: WARNING in do_one_initcall',
  ],
  'hung-task-in-module.log': Array<string>(7).fill('error hung-task: INFO: task hung in hilbug_init'),
  'soft-lockup.log': Array<string>(3).fill('error soft-lockup: BUG: soft lockup in hilbug_init'),
  'rcu-stall.log': Array<string>(3).fill('error rcu-stall: INFO: rcu detected stall in hilbug_init'),
  'kernel-bug.log': [
    'error kernel-bug: kernel BUG in lkdtm_BUG',
    'warning warning: WARNING in ct_kernel_exit',
  ],
  'ubsan-array-bounds.log': ['error ubsan: UBSAN: array-index-out-of-bounds in lkdtm_ARRAY_BOUNDS'],
  'silent-reset.log': ['fatal reset: unexpected kernel reboot'],
}

function read(directory: string, file: string) {
  return readKernelLog(readFileSync(join(directory, file)))
}

function graveIn(directory: string, file: string): string[] {
  return read(directory, file)
    .findings.filter(({ level }) => level !== 'info')
    .map(({ level, kind, title }) => `${level} ${kind}: ${title}`)
}

describe('recorded consoles', () => {
  for (const file of readdirSync(recordings).filter((name) => name.startsWith('clean-'))) {
    it(`finds nothing to complain about in ${file}`, () => {
      assert.deepEqual(graveIn(recordings, file), [])
    })
  }

  for (const [file, findings] of Object.entries(expected)) {
    it(`finds what happened in ${file}, and no more`, () => {
      assert.deepEqual(graveIn(recordings, file), findings)
    })
  }

  it('knows every recording', () => {
    const files = readdirSync(recordings).filter((name) => name.endsWith('.log'))
    assert.deepEqual(files.filter((name) => !name.startsWith('clean-')).sort(), Object.keys(expected).sort())
  })

  it('finds nothing but the panic in boots through barebox and U-Boot', () => {
    const transcripts = join(fixtures, 'transcripts')
    const found = readdirSync(transcripts).flatMap((file) =>
      graveIn(transcripts, file).map((finding) => `${file}: ${finding}`),
    )
    assert.deepEqual(found, [
      'barebox-kernel-panic-reboot.log: fatal panic: kernel panic: VFS: Unable to mount root fs on unknown-block(0,0)',
    ])
  })

  it('takes what programs print for what it is, on a console where the kernel puts times before its lines', () => {
    const excused = read(recordings, 'programs-that-cry-wolf.log').findings.filter(({ excuse }) => excuse)
    assert.deepEqual(
      excused.map(({ level, title }) => `${level}: ${title}`),
      ['info: KASAN: not one in foo+0x1/0x2', 'info: kernel panic: just words'],
    )
  })

  it('says which oops or hang a panic comes from', () => {
    const [hang, panic] = read(recordings, 'panic-hung-task.log').findings
    assert.equal(panic?.causedBy, hang?.id)
  })

  it('says what a task did when the kernel broke, and what came of it', () => {
    const [oops, panic] = read(recordings, 'oops-external-abort.log').findings
    assert.equal(oops?.place, 'amba_read_periphid')
    assert.deepEqual(oops.frames.slice(0, 3), [
      'amba_read_periphid',
      'of_platform_bus_create',
      'of_platform_populate',
    ])
    assert.deepEqual([oops.cpu, oops.task?.name, oops.corrupted], [1, 'swapper/0', undefined])
    assert.equal(panic?.causedBy, oops.id)
  })

  it('quotes the whole report of a panic and where it is in the bytes', () => {
    const bytes = readFileSync(join(recordings, 'panic-sysrq.log'))
    const [panic] = readKernelLog(bytes).findings
    assert.equal(panic?.lines[0], 'Kernel panic - not syncing: sysrq triggered crash')
    assert.match(panic.lines.at(-1) ?? '', /^Rebooting in 1 seconds/)
    assert.deepEqual(panic.task, { name: 'init', pid: 1 })
    assert.ok(panic.frames.includes('__handle_sysrq'), panic.frames.join(' '))
    const text = bytes.subarray(panic.offset, panic.end).toString()
    assert.match(
      text,
      /^\[ {4}\d\.\d{6}\] Kernel panic - not syncing: sysrq[^]*Rebooting in 1 seconds\.\.\r\n$/,
    )
  })
})
