import type { DriverContext } from '../../board/driver.ts'
import type { PowerState, PowerSwitch } from '../../board/power-switch.ts'
import type { Deadline } from '../../core/deadline.ts'
import type { CommandPowerOptions } from './command.ts'
import { commandFailed, runPowerCommand, type CommandOutcome, type CommandSettings } from './run-command.ts'
import type { Command } from '../command-options.ts'
import { stateByPatterns } from './state-by-patterns.ts'

/** @param variables environment variables with their secrets read */
export function createCommandSwitch(
  { on, off, status, timeout, directory }: CommandPowerOptions,
  variables: Readonly<Record<string, string>>,
  { log, temporaryDirectory }: Pick<DriverContext, 'log' | 'temporaryDirectory'>,
): PowerSwitch {
  const settings: CommandSettings = { variables, directory, timeoutMs: timeout, temporaryDirectory }

  const succeed = async (command: Command, t: Deadline): Promise<CommandOutcome> => {
    const outcome = await runPowerCommand(command, settings, t)
    if (outcome.exitCode !== 0) throw commandFailed(command, outcome)
    return outcome
  }

  return {
    async on(t) {
      await succeed(on, t)
    },
    async off(t) {
      await succeed(off, t)
    },
    async state(t): Promise<PowerState> {
      if (status === undefined) return 'unknown'
      if (typeof status === 'string' || Array.isArray(status)) {
        const outcome = await runPowerCommand(status, settings, t)
        if (outcome.exitCode === 0) return 'on'
        if (outcome.exitCode === 1) return 'off'
        throw commandFailed(status, outcome)
      }
      const { stdout } = await succeed(status.command, t)
      return stateByPatterns(stdout, status, log)
    },
  }
}
