import { startDeadline, type Deadline } from '../../../core/deadline.ts'
import { sinceWhen } from '../../../core/moment.ts'
import type { Coordinator } from '../../../lab/coordinator/coordinator.ts'
import { describeUser } from '../../../lab/coordinator/place-holder.ts'
import {
  cancelReservation,
  describeTags,
  listReservations,
  reserve,
  untilAllocated,
} from '../../../lab/coordinator/reservation.ts'
import { print, printJson } from '../print.ts'
import { answerMs, withCoordinator, type CoordinatorArguments } from './with-coordinator.ts'

/** Time to leave the line, in milliseconds. */
const leaveMs = 3000

/** `hil lab reserve`. @returns the exit code */
export function reserveCommand(
  options: CoordinatorArguments & {
    readonly tags: Readonly<Record<string, string>>
    readonly priority: number
    readonly waits: boolean
    readonly shell: boolean
  },
): Promise<number> {
  const limitMs = options.waits ? Number.POSITIVE_INFINITY : answerMs
  return withCoordinator(
    options,
    async (coordinator, t) => {
      const { token, place } = await reserve(coordinator, options.tags, options.priority, t)
      if (options.shell) print(`export LG_TOKEN=${token}`)
      else {
        const state =
          place === undefined
            ? 'waiting; it expires after 60 s in which nobody asks for it'
            : `place ${place}`
        print(`reservation ${token}: ${state}`)
      }
      if (!options.waits || place !== undefined) return
      const kept = await untilKept(coordinator, token, t)
      if (!options.shell) print(kept)
    },
    limitMs,
  )
}

/** `hil lab wait`: keeps a reservation alive until a place is kept for it. @returns the exit code */
export function waitCommand(options: CoordinatorArguments & { readonly token: string }): Promise<number> {
  return withCoordinator(
    options,
    async (coordinator, t) => {
      print(await untilKept(coordinator, options.token, t))
    },
    Number.POSITIVE_INFINITY,
  )
}

/** Who stops waiting wants no place that is kept for them. @returns what to tell of the place */
async function untilKept(coordinator: Coordinator, token: string, t: Deadline): Promise<string> {
  try {
    const { name } = await untilAllocated(coordinator, token, t)
    return `reservation ${token}: place ${name}; "hil lab acquire -p +${token}" takes it`
  } catch (error) {
    using limit = startDeadline(leaveMs, `cancelling the reservation ${token}`)
    if (t.signal.aborted) await cancelReservation(coordinator, token, limit).catch(() => undefined)
    throw error
  }
}

/** `hil lab reservations`: everyone in the line, who comes first at the top. @returns the exit code */
export function reservationsCommand(
  options: CoordinatorArguments & { readonly json: boolean },
): Promise<number> {
  return withCoordinator(options, async (coordinator, t) => {
    const reservations = [...(await listReservations(coordinator, t))].sort(
      (a, b) => b.priority - a.priority || (a.created < b.created ? -1 : 1),
    )
    if (options.json) {
      printJson({ reservations })
      return
    }
    const owners = reservations.map(({ owner }) => describeUser(owner))
    const width = Math.max(0, ...owners.map(({ length }) => length))
    for (const [index, { token, state, priority, tags, place, created }] of reservations.entries()) {
      const got = place === undefined ? state : `${state} ${place}`
      print(
        `${token}  ${(owners[index] ?? '').padEnd(width)}  priority ${priority}  ${describeTags(tags)}  ${got}, ${sinceWhen(created)}`,
      )
    }
    if (reservations.length === 0) print('nobody waits')
  })
}

/** `hil lab cancel-reservation`. @returns the exit code */
export function cancelReservationCommand(
  options: CoordinatorArguments & { readonly token: string },
): Promise<number> {
  return withCoordinator(options, async (coordinator, t) => {
    await cancelReservation(coordinator, options.token, t)
    print(`cancelled reservation ${options.token}`)
  })
}
