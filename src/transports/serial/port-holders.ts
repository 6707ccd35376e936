import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A process that has a device open. */
export interface PortHolder {
  readonly pid: number
  /** Its command line. */
  readonly command: string
}

/**
 * The processes that have `device` open, as far as this user may know: of processes of others only
 * root is told what they have open.
 *
 * It reads /proc at one go: a few thousand links take some milliseconds, and many times that when
 * each is asked for through Node's thread pool.
 *
 * @param device as the kernel names it, without symbolic links
 */
export function findPortHolders(device: string): readonly PortHolder[] {
  const holders = readdirSync('/proc')
    .map(Number)
    .filter(Number.isInteger)
    .map((pid) => ({ pid, open: descriptorsOf(pid) }))
    .filter(({ open }) => open.includes(device))
  // Who made a pseudo-terminal (socat, a terminal) often has our end open too, and lets its children inherit it.
  const makers = device.startsWith('/dev/pts/') ? holders.filter(({ open }) => open.some(isPtyMaster)) : []
  return holders
    .filter(({ pid }) => !hasEnded(pid) && !makers.some((maker) => descendsFrom(pid, maker.pid)))
    .map(({ pid }) => ({ pid, command: commandOf(pid) }))
}

/** One that had the port open a moment ago does not have it any more. */
function hasEnded(pid: number): boolean {
  return pid !== 1 && parentOf(pid) === 0
}

function isPtyMaster(path: string): boolean {
  return path.endsWith('/ptmx')
}

function descendsFrom(pid: number, ancestor: number): boolean {
  for (let id = pid; id > 0; id = parentOf(id)) if (id === ancestor) return true
  return false
}

/** proc_pid_stat(5): pid (command) state parent ...; the command may hold anything. */
function parentOf(pid: number): number {
  const stat = orElse('', () => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0)
}

function descriptorsOf(pid: number): readonly string[] {
  const directory = `/proc/${pid}/fd`
  return orElse([], () =>
    readdirSync(directory).map((fd) => orElse('', () => readlinkSync(`${directory}/${fd}`))),
  )
}

function commandOf(pid: number): string {
  return orElse('', () => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim())
}

/** Processes end while they are looked at, and those of others can't be looked into. */
function orElse<T>(fallback: T, look: () => T): T {
  try {
    return look()
  } catch {
    return fallback
  }
}
