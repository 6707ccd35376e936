import { readFileSync } from 'node:fs'

/**
 * The most that this process had in memory, in bytes: VmHWM of /proc. What getrusage tells also counts the
 * parent's memory from before the program was started.
 */
export function peakMemory(): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return 1024 * Number(kilobytes)
}
