import type { KernelLineSign } from '../../../kernel/take-out-kernel-lines.ts'
import { KernelClock } from './kernel-clock.ts'

/**
 * Commands that take ONLCR out of the terminal where that can be done, and print what `readTerminal`
 * reads. From then on a line that ends in CR LF is the kernel's. `s_` keeps how the terminal was.
 * @param from the file descriptor the terminal is on
 */
export function takeOutReturns(from: '0' | '2'): readonly string[] {
  const terminal = from === '0' ? '' : ` <&${from}`
  return [
    `[ -n "$s_" ]||s_=$(stty -g${terminal} 2>/dev/null)`,
    `[ -z "$s_" ]||stty -onlcr${terminal}`,
    'echo "hil:$s_"',
  ]
}

/** What `stty -g` said before ONLCR was taken out; `undefined` where there is no stty, and it was not. */
export function readTerminal(output: string): string | undefined {
  return /hil:([\da-f:]{1,800})\r{0,1}\n/.exec(output)?.[1]
}

/** Prints what `readClock` reads. */
export const askUptime = 'read -r u_ x_ </proc/uptime;echo "hil=$u_"'

/** @param output that came just now */
export function readClock(output: string): KernelClock {
  return new KernelClock(Number.parseFloat(/hil=(\d{1,20}\.\d{0,9})/.exec(output)?.[1] ?? ''))
}

/** What tells the kernel's lines, on a terminal whose ONLCR was taken out or that has none that does so. */
export function signSince(at: number, clock: KernelClock | undefined): KernelLineSign {
  return clock === undefined ? { by: 'line-end' } : clock.signSince(at)
}
