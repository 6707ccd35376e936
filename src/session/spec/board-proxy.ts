import type { CommandResult } from '../../board/command-runner.ts'
import type { Pattern } from '../../board/console.ts'
import { HilError } from '../../core/errors.ts'
import type { CallBoard, CommandCall } from '../board-calls.ts'
import type { Board, CommandOptions, Commands, SpecConsole, SpecPower } from './board.ts'
import { atCallSite } from './call-site.ts'
import { callTime } from './call-time.ts'
import { specLink } from './link.ts'

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
    shell: commands((command, options) => call('runInShell', command, options)),
    bootloader: commands((command, options) => call('runInBootloader', command, options)),
    console: specConsole(call),
    power: specPower(call),
  }
}

function commands(call: (command: string, options: CommandCall) => Promise<CommandResult>): Commands {
  const run = (command: string, { timeout, ...options }: CommandOptions = {}) =>
    call(command, { ...options, ...callTime(timeout) })
  return {
    run,
    runOk: async (command, options) => {
      const site = new Error()
      const result = await run(command, options)
      if (result.exitCode === 0) return result
      return atCallSite(site, () => Promise.reject(failed(result)))
    },
  }
}

function failed(result: CommandResult): HilError {
  const { command, exitCode, stdout } = result
  const output = stdout.trimEnd()
  const said = output === '' ? 'printed nothing' : `printed:\n${output.slice(-maximumQuoted)}`
  return new HilError('command.failed', `"${command}" ended with status ${exitCode} and ${said}`, {
    blame: 'test',
    details: { ...result },
  })
}

const maximumQuoted = 2000

function specConsole(call: CallBoard): SpecConsole {
  const expect = async (wanted: Pattern | Readonly<Record<string, Pattern>>, options: Timeout = {}) => {
    const patterns = typeof wanted === 'string' || wanted instanceof RegExp ? { pattern: wanted } : wanted
    return call('expect', patterns, callTime(options.timeout))
  }
  return {
    expect,
    write: (data, options = {}) => call('write', data, callTime(options.timeout)),
    sendBreak: (options = {}) => call('sendBreak', callTime(options.timeout)),
    lastLines: (count = 20) => call('lastLines', count),
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
