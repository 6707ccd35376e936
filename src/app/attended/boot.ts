import type { Queueing } from '../../lab/lease/lease-boards.ts'
import { assertTerminal } from './attach-terminal.ts'
import { attendedRun } from './attended-run.ts'
import { openEnvironment } from '../environment/environments.ts'
import type { OneBoardChoice } from '../lab/choose-boards.ts'
import { leaseChosen } from '../lab/lease-chosen.ts'
import { withPayload, type PayloadArguments } from '../payload/arguments.ts'
import { preparer } from '../payload/prepare.ts'

/** What `hil boot` was told. */
export interface BootCommandOptions extends OneBoardChoice {
  readonly env: string
  readonly state: string
  /** Hand the console to the person at the end. */
  readonly console: boolean
  readonly reportRoot: string
  readonly queueing: Queueing
  readonly payload: PayloadArguments
  /** Boots in spite of what is wrong with the payload. */
  readonly force: boolean
}

/**
 * `hil boot`: a board brought to a state, with what was proven on the way, and left there.
 * @returns the exit code
 * @throws HilError `console.no-terminal`, `environment.*`, and what making the payload, taking the board or
 *   reaching the state throws
 */
export async function bootCommand(options: BootCommandOptions, cwd = process.cwd()): Promise<number> {
  if (options.console) assertTerminal()
  const environment = await openEnvironment(options.env, cwd)
  const what = 'hil boot'
  await using chosen = await leaseChosen(environment, { ...options, what }, cwd)
  const board = withPayload(chosen.spec, options.payload, cwd)
  const isEmulated = 'machine' in board.hardware
  return await attendedRun(
    {
      what,
      environment: { ...environment, boards: [board] },
      board,
      state: options.state,
      keep: true,
      reportRoot: options.reportRoot,
      leaseBoards: chosen.leaseBoards,
      prepareBoot: preparer(options),
      body: async ({ screen, attach }) => {
        if (options.console) {
          screen.print(`${board.name} is in ${options.state}. Its console; Ctrl-] leaves.\n`)
          await attach()
        }
        const end = isEmulated
          ? `; it is emulated and goes off with hil${options.console ? '' : ' (--console hands it to you first)'}`
          : ', and its power stays on'
        screen.print(`${board.name} is in ${options.state}${end}.\n`)
      },
    },
    cwd,
  )
}
