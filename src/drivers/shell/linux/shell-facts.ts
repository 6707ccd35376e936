import type { ShellFacts } from './channel.ts'

/**
 * Commands that print what `readFacts` reads, and take ONLCR out of the terminal where that can be
 * done. From then on a line that ends in CR LF is the kernel's.
 * @param terminal the file descriptor the terminal is on
 */
export function factsLine(terminal: '0' | '2'): readonly string[] {
  const from = terminal === '0' ? '' : ` <&${terminal}`
  return [
    `s_=$(stty -g${from} 2>/dev/null)`,
    `[ -z "$s_" ]||stty -onlcr${from}`,
    'read -r u_ x_ </proc/uptime',
    'echo "hil=$s_|$u_|${USER:-$(id -un)}"',
  ]
}

export function readFacts(output: string): ShellFacts {
  const [terminal = '', uptime = '', user = ''] = (/hil=(.{0,800})/.exec(output)?.[1] ?? '').split('|')
  return { terminal: /^[\da-f:]+$/.test(terminal) ? terminal : '', uptime: Number.parseFloat(uptime), user }
}
