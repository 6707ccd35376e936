import { resolve } from 'node:path'
import { readModuleFile } from '../../build/modules/read-module-file.ts'
import { formatDuration } from '../../core/duration.ts'
import { HilError } from '../../core/errors.ts'
import type { Queueing } from '../../lab/lease/lease-boards.ts'
import { attendedRun } from '../attended/attended-run.ts'
import { openEnvironment } from '../environment/environments.ts'
import { formatSize } from '../format-size.ts'
import type { OneBoardChoice } from '../lab/choose-boards.ts'
import { leaseChosen } from '../lab/lease-chosen.ts'
import { preparer } from '../payload/prepare.ts'
import { pushModules } from './push-modules.ts'

/** What `hil push` was told. */
export interface PushCommandOptions extends OneBoardChoice {
  readonly modules: readonly string[]
  readonly env: string
  /** Where to bring the board first; without it, it has to be at a shell. */
  readonly state: string | undefined
  readonly reportRoot: string
  readonly queueing: Queueing
}

/**
 * `hil push`: modules for the kernel that runs, in the place of those that are loaded, without a reboot.
 * @returns the exit code
 * @throws HilError `push.*`, `module.*`, `environment.*`, and what reaching the state throws
 */
export async function pushCommand(options: PushCommandOptions, cwd = process.cwd()): Promise<number> {
  const files = await Promise.all(options.modules.map((file) => readModuleFile(resolve(cwd, file))))
  const environment = await openEnvironment(options.env, cwd)
  const what = 'hil push'
  await using leased = await leaseChosen(environment, { ...options, what }, cwd)
  const chosen = leased.spec
  // Where nothing is booted there is nothing to be made, either.
  const board =
    options.state === undefined ? { ...chosen, boot: { ...chosen.boot, payload: undefined } } : chosen
  return await attendedRun(
    {
      what,
      environment: { ...environment, boards: [board] },
      board,
      state: options.state,
      keep: true,
      reportRoot: options.reportRoot,
      leaseBoards: leased.leaseBoards,
      prepareBoot: preparer({ force: false }),
      body: async ({ service, screen, t }) => {
        const found = options.state === undefined ? await service.lookForState(t) : service.state
        if (!service.hasShell) throw noShell(board.name, found)
        const shell = {
          run: (command: string) => service.runInShell(t, command, {}),
        }
        const { unloaded, loaded, kernelLines, sendMs, loadMs } = await pushModules(shell, files, t)
        const size = formatSize(files.reduce((sum, { bytes }) => sum + bytes.length, 0))
        screen.print(kernelLines.map((line) => `  ${line}\n`).join(''))
        const replaced =
          unloaded.length === 0 ? '' : ` in place of the old one${unloaded.length > 1 ? 's' : ''}`
        screen.print(
          `${loaded.join(', ')} loaded${replaced} on ${board.name}: ${size} sent in ${formatDuration(Math.round(sendMs))}, loaded in ${formatDuration(Math.round(loadMs))}\n`,
        )
      },
    },
    cwd,
  )
}

function noShell(board: string, state: string): HilError {
  return new HilError(
    'push.no-shell',
    `${board} is at no shell${state === 'unknown' ? ' that answers' : `, but in ${state}`}: boot it first (hil boot), or have it booted (--state shell)`,
    { blame: 'environment', details: { board, state } },
  )
}
