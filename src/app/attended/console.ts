import type { Deadline } from '../../core/deadline.ts'
import type { BoardService } from '../../session/board/board-service.ts'
import type { Queueing } from '../../lab/lease/lease-boards.ts'
import { assertTerminal } from './attach-terminal.ts'
import { attendedRun } from './attended-run.ts'
import { openEnvironment } from '../environment/environments.ts'
import type { OneBoardChoice } from '../lab/choose-boards.ts'
import { leaseChosen } from '../lab/lease-chosen.ts'
import { preparer } from '../payload/prepare.ts'

/** What `hil console` was told. */
export interface ConsoleCommandOptions extends OneBoardChoice {
  readonly env: string
  /** Where to bring the board first; without it nothing is switched, and nothing afterwards. */
  readonly state: string | undefined
  readonly keep: boolean
  readonly reportRoot: string
  readonly queueing: Queueing
}

/**
 * `hil console`: a person at a board's console, in a report as any run.
 * @returns the exit code
 * @throws HilError `console.no-terminal`, `environment.*`, and what taking the board or reaching the state throws
 */
export async function consoleCommand(options: ConsoleCommandOptions, cwd = process.cwd()): Promise<number> {
  assertTerminal()
  const environment = await openEnvironment(options.env, cwd)
  const what = 'hil console'
  await using chosen = await leaseChosen(environment, { ...options, what }, cwd)
  const board = chosen.spec
  return await attendedRun(
    {
      ...options,
      what,
      leaseBoards: chosen.leaseBoards,
      environment,
      board,
      prepareBoot: preparer({ force: false }),
      body: async ({ service, screen, t, attach }) => {
        screen.print(`The console of ${board.name}; Ctrl-] leaves.\n`)
        if (options.state === undefined && (await isOff(service, t))) {
          screen.print(`${board.name} is off; --state shell would switch it on.\n`)
        }
        await attach()
      },
    },
    cwd,
  )
}

/** A power switch that does not answer keeps nobody from a console. */
async function isOff(service: BoardService, t: Deadline): Promise<boolean> {
  return (await service.powerState(t).catch(() => 'unknown')) === 'off'
}
