import type { CommandResult } from '../../board/command-runner.ts'
import type { Pattern } from '../../board/console.ts'
import type { CallBoard, CommandCall, WhichConsole } from '../board/board-calls.ts'
import type { Board, CommandOptions, Commands, SpecConsole, SpecPower } from './board.ts'
import { atCallSite } from './call-site.ts'
import { callTime } from './call-time.ts'
import { specFiles } from './files-proxy.ts'
import { specLink } from './link.ts'
import { runOkBy } from './run-ok.ts'
import { specStorage } from './spec-storage.ts'
import { specSsh } from './ssh-proxy.ts'

/** A board as a spec sees it: every call goes to the process that owns the board. @param name as given to `useBoard` */
export function createBoard(name: string | undefined): Board {
  const info = () => specLink('a board').board(name)
  const call: CallBoard = (method, ...args) => {
    const site = new Error()
    return atCallSite(site, () => specLink('a board').call(info().name, method, args))
  }
  return {
    get name() {
      return info().name
    },
    get facts() {
      return info().facts
    },
    get state() {
      return info().state
    },
    goto: (state) => call('goto', state),
    reboot: async (options = {}) => call('reboot', callTime(options.timeout)),
    shell: commands((command, options) => call('runInShell', command, options)),
    bootloader: commands((command, options) => call('runInBootloader', command, options)),
    ssh: specSsh(call),
    files: specFiles(call),
    storage: specStorage(call),
    console: specConsole(call),
    consoles: otherConsoles(call),
    power: specPower(call),
  }
}

function commands(call: (command: string, options: CommandCall) => Promise<CommandResult>): Commands {
  const run = (command: string, { timeout, ...options }: CommandOptions = {}) =>
    call(command, { ...options, ...callTime(timeout) })
  return { run, runOk: runOkBy(run) }
}

/** Whether there is one of a name is known where the board is. */
function otherConsoles(call: CallBoard): Readonly<Record<string, SpecConsole>> {
  return new Proxy<Record<string, SpecConsole>>(
    {},
    {
      get: (_target, name) => (typeof name === 'string' ? specConsole(call, { console: name }) : undefined),
    },
  )
}

function specConsole(call: CallBoard, which: WhichConsole = {}): SpecConsole {
  const expect = async (wanted: Pattern | Readonly<Record<string, Pattern>>, options: Timeout = {}) => {
    const patterns = typeof wanted === 'string' || wanted instanceof RegExp ? { pattern: wanted } : wanted
    return call('expect', patterns, { ...which, ...callTime(options.timeout) })
  }
  return {
    expect,
    write: (data, options = {}) => call('write', data, { ...which, ...callTime(options.timeout) }),
    sendBreak: (options = {}) => call('sendBreak', { ...which, ...callTime(options.timeout) }),
    lastLines: (count = 20) => call('lastLines', count, which),
  }
}

type Timeout = Pick<CommandOptions, 'timeout'>

function specPower(call: CallBoard): SpecPower {
  return {
    on: () => call('powerOn'),
    off: () => call('powerOff'),
    cycle: () => call('powerCycle'),
    state: () => call('powerState'),
  }
}
