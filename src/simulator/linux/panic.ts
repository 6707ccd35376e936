import type { Hardware } from '../hardware.ts'
import { logLevels, type KernelLog } from './kernel-log.ts'

export interface PanicOptions {
  readonly log: KernelLog
  readonly commandLine: string
  readonly release: string
  readonly reason: string
}

const trace = [
  'dump_backtrace+0xe4/0x140',
  'show_stack+0x20/0x30',
  'dump_stack_lvl+0x64/0x80',
  'dump_stack+0x18/0x34',
  'panic+0x184/0x364',
]

/** Who called it when there was no root to mount. */
const mountTrace = [
  'mount_block_root+0x1fc/0x21c',
  'mount_root+0x158/0x178',
  'prepare_namespace+0x138/0x178',
  'kernel_init_freeable+0x2e4/0x310',
  'kernel_init+0x2c/0x140',
  'ret_from_fork+0x10/0x20',
]

/** The kernel dies: it says why, and hangs or, with `panic=N`, resets the board. Never returns. */
export async function panic(
  hardware: Hardware,
  { log, commandLine, release, reason }: PanicOptions,
): Promise<never> {
  const say = (text: string) => log.log(text, logLevels.emergency)
  await say(`Kernel panic - not syncing: ${reason}`)
  await say(`CPU: 0 PID: 1 Comm: swapper/0 Not tainted ${release} #1  Debian 6.1.192-2`)
  await say(`Hardware name: ${hardware.options.linux.model} (DT)`)
  await say('Call trace:')
  for (const frame of [...trace, ...(reason.startsWith('VFS: ') ? mountTrace : [])]) await say(` ${frame}`)
  await say('Kernel Offset: 0x4c3754800000 from 0xffff800008000000')
  await say('PHYS_OFFSET: 0xffffd27040000000')
  await say('CPU features: 0x022000,2033c080,0000421b')
  await say('Memory Limit: none')
  const timeout = Number(/(?:^|\s)panic=(-?\d+)/.exec(commandLine)?.[1] ?? '0')
  if (timeout === 0) {
    await say(`---[ end Kernel panic - not syncing: ${reason} ]---`)
    return hardware.life.hang()
  }
  if (timeout > 0) {
    await say(`Rebooting in ${timeout} seconds..`)
    await hardware.life.sleep(timeout * 1000)
  }
  return hardware.reset('RST')
}
