import { formatMoment, sinceWhen } from '../../core/moment.ts'
import type { Holder } from '../../lab/lease/holder.ts'
import { recordDirectory } from '../../lab/lease/lease-records.ts'
import { everyone, lookUp, type Occupation } from '../../lab/lease/look-up.ts'
import { describeQuarantine } from '../../lab/lease/board-health.ts'
import { leaseRequest } from '../../lab/lease/lease-boards.ts'
import { silentHolder } from '../../lab/resource-lock.ts'
import { selectBoards } from '../../session/run-checks.ts'
import { openEnvironment } from '../environment/environments.ts'
import { printJson } from './print.ts'

/**
 * `hil lab status`: each board of an environment, who has it and who waits, on stdout.
 * @param boards empty: all of the environment
 * @returns the exit code
 */
export async function statusCommand(
  { env, boards, json }: { readonly env: string; readonly boards: readonly string[]; readonly json: boolean },
  cwd = process.cwd(),
): Promise<number> {
  const environment = await openEnvironment(env, cwd)
  const names = selectBoards(environment, boards)
  const directory = await recordDirectory()
  const chosen = environment.boards.filter(({ name }) => names.includes(name))
  const found = await Promise.all(
    chosen.map(async (spec) => {
      const request = leaseRequest(spec)
      const { board, resources } = request
      return { board, resources, ...(await lookUp(request, directory)) }
    }),
  )
  if (json) printJson({ boards: found })
  else {
    const width = Math.max(...found.map(({ board }) => board.length))
    const lines = found.flatMap(({ board, ...occupation }) =>
      linesOf(occupation).map((line, index) => `${(index === 0 ? board : '').padEnd(width)}  ${line}\n`),
    )
    process.stdout.write(lines.join(''))
  }
  return 0
}

/** `hil lab who`: everyone who has, keeps or waits for something on this host. @returns the exit code */
export async function whoCommand({ json }: { readonly json: boolean }): Promise<number> {
  const people = await everyone()
  if (json) {
    printJson({ people })
    return 0
  }
  const width = Math.max(...people.map(({ holder }) => holder.user.length))
  for (const { doing, holder } of people) {
    process.stdout.write(
      `${holder.user.padEnd(width)}  ${doing.padEnd(5)}  ${timesOf(holder)}: ${holder.what}\n`,
    )
  }
  if (people.length === 0) process.stdout.write('nobody\n')
  return 0
}

/** At least one line. */
function linesOf({
  resources,
  users,
  keepers,
  waiting,
  abandonedBy,
  health,
}: Occupation & { readonly resources: readonly string[] }): readonly string[] {
  if (resources.length === 0) return ['emulated  as many as you like']
  const lines = [
    ...users.map((user) => `in use    ${tell(user)}`),
    ...keepers.map((keeper) => `held      ${tell(keeper)}`),
    ...waiting.map(
      ({ holder, priority }) => `waiting   ${priority === 0 ? '' : `priority ${priority}, `}${tell(holder)}`,
    ),
    ...abandonedBy.map(
      (holder) => `left      by ${tell(holder)}, which ended without leaving it as declared`,
    ),
  ]
  if (health.quarantinedSince !== undefined) {
    lines.unshift(`sick      in quarantine ${describeQuarantine(health)}`)
  } else if (users.length + keepers.length === 0) lines.unshift('free')
  return lines
}

function tell(holder: Holder | 'silent'): string {
  if (holder === 'silent') return silentHolder
  return `${holder.user}, ${timesOf(holder)}: ${holder.what} (process ${holder.pid} on ${holder.host}, in ${holder.directory})`
}

function timesOf({ since, until }: Holder): string {
  return `${sinceWhen(since)}${until === undefined ? '' : `, until ${formatMoment(until)}`}`
}
