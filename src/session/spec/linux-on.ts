import { now } from '../../core/clock.ts'
import { HilError } from '../../core/errors.ts'
import { parseLoadedModules, type LoadedModule } from '../../kernel/loaded-modules.ts'
import type { Commands, Timeout } from './board.ts'
import { parseInterfaces, type NetworkInterface } from './linux/interfaces.ts'
import { isAtLeast, parseKernelLog, type KernelMessage, type LogLevel } from './linux/kernel-log.ts'
import { parseUnit, type Unit } from './linux/units.ts'

/** What a running system says of itself. */
export interface LinuxSystem {
  /**
   * Waits until systemd has started all that it is to start, and says how that went: `running`, or `degraded` where
   * units have failed.
   */
  started(options?: Timeout): Promise<{ readonly state: string; readonly failedUnits: readonly string[] }>
  /** A unit of systemd's; one that it does not know has `load: 'not-found'`. */
  unit(name: string, options?: Timeout): Promise<Unit>
  /** What the kernel keeps of its log (`dmesg`), oldest first. */
  kernelLog(
    options?: Timeout & {
      /** Only messages as grave as this one, or graver. */ readonly atLeast?: LogLevel
    },
  ): Promise<readonly KernelMessage[]>
  /** Network interfaces with their addresses (`ip`). */
  interfaces(options?: Timeout): Promise<readonly NetworkInterface[]>
  /** Kernel modules that are loaded. */
  modules(options?: Timeout): Promise<readonly LoadedModule[]>
  clock(options?: Timeout): Promise<Clock>
  /** Sets the clock of the system. @param date now, if absent */
  setClock(date?: Date, options?: Timeout): Promise<void>
}

export interface Clock {
  /** To the second. */
  readonly date: Date
  /** How far it is before the clock of this machine, in milliseconds; a second more or less means nothing. */
  readonly aheadMs: number
  /** Since the kernel was started. */
  readonly uptimeMs: number
}

/** Asks the Linux that runs these commands: `linuxOn(board.shell)`, or over the network `linuxOn(board.ssh)`. */
export function linuxOn(commands: Commands): LinuxSystem {
  const output = async (command: string, options?: Timeout) => (await commands.runOk(command, options)).stdout
  const systemctl = async (words: string, options?: Timeout) => {
    const result = await commands.run(`systemctl --no-pager ${words}`, options)
    if (result.exitCode === 127 || /not been booted with systemd/.test(result.stdout + stderrOf(result))) {
      throw noSystemd(result.stdout + stderrOf(result))
    }
    return result.stdout
  }
  return {
    async started(options) {
      const state = (await systemctl('is-system-running --wait', options)).trim()
      const failed = await systemctl('list-units --state=failed --plain --no-legend', options)
      return { state, failedUnits: failed.split('\n').flatMap((line) => /^\S+\.\w+/.exec(line) ?? []) }
    },
    async unit(name, options) {
      const properties =
        'Id,Description,LoadState,ActiveState,SubState,Result,ExecMainCode,ExecMainStatus,MainPID,NRestarts'
      return parseUnit(await systemctl(`show --property=${properties} -- '${checked(name)}'`, options))
    },
    async kernelLog({ atLeast = 'debug', ...options } = {}) {
      return parseKernelLog(await output('dmesg -r', options)).filter(({ level }) =>
        isAtLeast(level, atLeast),
      )
    },
    interfaces: async (options) => parseInterfaces(await output('ip -o link && ip -o addr', options)),
    modules: async (options) => [...parseLoadedModules(await output('cat /proc/modules', options)).values()],
    async clock(options) {
      const askedAt = Date.now()
      const startedAt = now()
      const [uptime = '', seconds = ''] = (await output('cat /proc/uptime;date +%s', options)).split('\n')
      const here = askedAt + (now() - startedAt) / 2
      // It has cut off the fraction of its second.
      const date = new Date(Number(seconds) * 1000)
      return { date, aheadMs: date.getTime() + 500 - here, uptimeMs: Number(uptime.split(' ')[0]) * 1000 }
    },
    async setClock(date = new Date(), options) {
      await output(`date -u -s @${Math.round(date.getTime() / 1000)}`, options)
    },
  }
}

function stderrOf(result: object): string {
  return 'stderr' in result && typeof result.stderr === 'string' ? result.stderr : ''
}

/** @throws HilError `linux.unit-name` (test) */
function checked(name: string): string {
  if (/^[\w:.@\\-]{1,255}$/.test(name)) return name
  throw new HilError('linux.unit-name', `"${name}" is no name of a unit of systemd's`, {
    blame: 'test',
    details: { name },
  })
}

function noSystemd(said: string): HilError {
  return new HilError('linux.no-systemd', `the system has no units, for no systemd runs it: ${said.trim()}`, {
    blame: 'test',
    details: { said },
  })
}
