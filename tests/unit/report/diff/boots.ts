import type { TestIdentity } from '../../../../src/core/events.ts'
import { ScriptedRun, timeoutError } from '../script-run.ts'

export function power(run: ScriptedRun): ScriptedRun {
  return run.emit({ type: 'power', board: 'sim', action: 'on', ok: true })
}

interface BootOptions {
  /** How many milliseconds later everything comes. */
  readonly slower?: number
  /** What is on the kernel's command line beside that of others. */
  readonly bootargs?: string
  /** The test in which the board boots. */
  readonly during?: TestIdentity
}

const start = [
  'Booting Linux on physical CPU 0x0000000000 [0x411fd070]',
  'Linux version 6.12.0-rc1 (builder@host) (gcc 12.2.0) #1 SMP',
  'Kernel command line: root=/dev/vda hil.payload=7c818510c034-2f7ed960',
  'Memory: 996828K/1048576K available',
  'virtio_net virtio1 eth0: 52:54:00:12:34:56',
]

/** A boot that comes to init. */
export function goodBoot({ slower = 0, bootargs = '' }: BootOptions = {}): ScriptedRun {
  const run = power(new ScriptedRun().take()).wait(100 + slower)
  return speak(loader(run), slower, [
    ...start.map((line) => (line.startsWith('Kernel command line') ? line + bootargs : line)),
    'virtio_blk virtio0: [vda] 2048 512-byte logical blocks',
    'Run /sbin/init as init process',
  ]).finish()
}

/** The same kernel without its disk. */
export function badBoot({ slower = 0, during }: BootOptions = {}): ScriptedRun {
  const run = new ScriptedRun().take()
  if (during !== undefined) run.load(during).start(during)
  speak(loader(power(run).wait(100 + slower)), slower, [
    ...start,
    'Waiting for root device /dev/vda...',
    'Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)',
    'CPU: 0 PID: 1 Comm: swapper/0 Not tainted 6.12.0-rc1 #1',
    '---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) ]---',
  ])
  const said = run.events.flatMap((event) => (event.type === 'console-rx' ? [event.text ?? ''] : [])).join('')
  const offset = Buffer.byteLength(said.slice(0, said.lastIndexOf('[', said.indexOf('Kernel panic'))))
  run.emit({
    type: 'kernel-finding',
    board: 'sim',
    level: 'fatal',
    kind: 'panic',
    title: 'kernel panic: VFS: Unable to mount root fs on unknown-block(0,0)',
    signature: 'kernel panic: VFS: Unable to mount root fs on unknown-block(NUM,NUM)',
    offset,
    end: Buffer.byteLength(said),
    lines: [],
  })
  if (during !== undefined) {
    const console = { sim: [0, Buffer.byteLength(said)] as const }
    run.emit({
      type: 'test-ended',
      id: during.id,
      attempt: 1,
      outcome: 'failed',
      durationMs: 1,
      error: timeoutError,
      console,
      willRetry: false,
    })
  }
  return run
}

function loader(run: ScriptedRun): ScriptedRun {
  return run.receive('U-Boot 2023.01 (Jun 22 2026 - 08:38:07 +0000)\r\nLoading: #########\r\n')
}

function speak(run: ScriptedRun, slower: number, lines: readonly string[]): ScriptedRun {
  for (const [index, line] of lines.entries()) {
    const stamp = ((index * 10 + slower) / 1000).toFixed(6).padStart(12)
    run.wait(10).receive(`[${stamp}] ${line}\r\n`)
  }
  return run
}
