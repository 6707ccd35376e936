import type { CommandResult } from '../../board/command-runner.ts'
import { endOf } from '../../core/end-of.ts'
import { HilError } from '../../core/errors.ts'
import { atCallSite } from './call-site.ts'

/** Makes of what runs commands something that fails where a command does. */
export function runOkBy<Options, Result extends CommandResult & { readonly stderr?: string }>(
  run: (command: string, options?: Options) => Promise<Result>,
): (command: string, options?: Options) => Promise<Result> {
  return async (command, options) => {
    const site = new Error()
    const result = await run(command, options)
    if (result.exitCode === 0) return result
    return atCallSite(site, () => Promise.reject(commandFailed(result)))
  }
}

/** For a command whose status had to be 0. */
export function commandFailed(result: CommandResult & { readonly stderr?: string }): HilError {
  const { command, exitCode, stdout, stderr = '' } = result
  const output = endOf(`${stdout}${stderr}`)
  const said = output === '' ? 'printed nothing' : `printed:\n${output}`
  return new HilError('command.failed', `"${command}" ended with status ${exitCode} and ${said}`, {
    blame: 'test',
    details: { ...result },
  })
}
