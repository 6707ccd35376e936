import { formatDuration } from '../../core/duration.ts'
import { startDeadline, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import { interruptedExit } from '../../core/verdicts.ts'
import { coordinatorSchema } from '../../environment/schema/coordinator-schema.ts'
import { acquirePlace, allowPlace, heldError, releasePlace } from '../../lab/coordinator/acquire-place.ts'
import { Coordinator } from '../../lab/coordinator/coordinator.ts'
import { findPlace } from '../../lab/coordinator/find-place.ts'
import { describeHolding, describeUser } from '../../lab/coordinator/place-holder.ts'
import { pathOf, resourcesOfPlace, unmatched, type Place } from '../../lab/coordinator/place.ts'
import {
  cancelReservation,
  describeTags,
  listReservations,
  reserve,
  untilAllocated,
} from '../../lab/coordinator/reservation.ts'
import { onInterrupt, type Interrupt } from '../interruption.ts'

/** Which coordinator, as commands are told. */
export interface CoordinatorArguments {
  /** `HOST:PORT`; absent: `$LG_COORDINATOR`, or this machine's. */
  readonly coordinator: string | undefined
  /** Whether it is spoken to under TLS, and who signed its certificate. */
  readonly tls: boolean
  readonly ca: string | undefined
}

/** Time to be answered, and to find a coordinator at all, in milliseconds. */
const answerMs = 30_000
const connectMs = 15_000
/** Time to leave the line, in milliseconds. */
const leaveMs = 3000

/** `hil lab places`: one line a place, or all there is to know of each. @returns the exit code */
export function placesCommand(
  options: CoordinatorArguments & {
    readonly acquired: boolean
    readonly released: boolean
    readonly verbose: boolean
    readonly json: boolean
  },
): Promise<number> {
  return withCoordinator(options, async (coordinator, t) => {
    const reservations = new Map((await listReservations(coordinator, t)).map((each) => [each.token, each]))
    const places = [...coordinator.places.values()]
      .filter(({ holder }) => (holder === undefined ? !options.acquired : !options.released))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const owners = (place: Place) => reservations.get(place.reservation ?? '')?.owner
    const resources = (place: Place) => resourcesOfPlace(place, coordinator.resources)
    if (options.json) {
      const told = places.map((place) => ({
        ...place,
        resources: resources(place).map(({ name, resource }) => ({ as: name, ...resource })),
      }))
      print(JSON.stringify({ version: 1, places: told }, undefined, 2))
      return
    }
    const width = Math.max(0, ...places.map((place) => called(place).length))
    for (const place of places) {
      const tags = describeTags(place.tags)
      const notes = [tags, place.comment].filter((note) => note !== '').join('  ')
      print(
        `${called(place).padEnd(width)}  ${stateOf(place, owners(place))}${notes === '' ? '' : `  ${notes}`}`,
      )
      if (!options.verbose) continue
      for (const { name, resource } of resources(place)) {
        const absent = resource.isAvailable ? '' : ', not available'
        print(
          `${' '.repeat(width)}    ${name} (${pathOf(resource)}${absent}) ${JSON.stringify(resource.params)}`,
        )
      }
    }
  })
}

/** `rock3a (left, r1)`, as labgrid-client writes it. */
function called({ name, aliases }: Place): string {
  return aliases.length === 0 ? name : `${name} (${aliases.join(', ')})`
}

function stateOf({ holder, changed, reservation }: Place, owner: string | undefined): string {
  if (holder !== undefined) {
    const ms = Math.max(1000, Math.floor((Date.now() - Date.parse(changed)) / 1000) * 1000)
    return `acquired by ${describeUser(holder)} for ${formatDuration(ms)}`
  }
  if (reservation === undefined) return 'free'
  return `kept for ${owner === undefined ? reservation : `${describeUser(owner)} (+${reservation})`}`
}

/** `hil lab acquire`. @returns the exit code */
export function acquireCommand(
  options: CoordinatorArguments & { readonly place: string; readonly allowUnmatched: boolean },
): Promise<number> {
  return withCoordinator(options, async (coordinator, t) => {
    const place = findPlace(coordinator, options.place)
    if (place.holder === coordinator.identity) {
      throw new HilError(
        'place.yours',
        `${place.name} is yours already: "hil lab release -p ${place.name}" gives it back`,
        { blame: 'environment', details: { place: place.name } },
      )
    }
    if (place.holder !== undefined) throw heldError(coordinator, place)
    const [missing] = unmatched(place, coordinator.resources)
    if (missing !== undefined && !options.allowUnmatched) throw incompleteError(coordinator, place, missing)
    await acquirePlace(coordinator, place.name, t)
    print(`acquired place ${place.name}`)
  })
}

/** Its exporter is not running, as a rule: what was acquired now would come without it. */
function incompleteError({ address }: Coordinator, { name }: Place, pattern: string): HilError {
  return new HilError(
    'place.no-resource',
    `${name} is not complete: no exporter at ${address} has ${pattern}; start it, or take the place as it is with --allow-unmatched`,
    { blame: 'infrastructure', details: { coordinator: address, place: name, pattern } },
  )
}

/** `hil lab release`. @returns the exit code */
export function releaseCommand(
  options: CoordinatorArguments & { readonly place: string; readonly kick: boolean },
): Promise<number> {
  return withCoordinator(options, async (coordinator, t) => {
    const { name, holder } = findPlace(coordinator, options.place)
    if (holder === undefined) {
      throw new HilError('place.free', `nobody has ${name}: there is nothing to release`, {
        ...{ blame: 'environment', details: { place: name } },
      })
    }
    if (holder !== coordinator.identity && !options.kick) {
      throw new HilError(
        'lab.not-yours',
        `${name} is acquired by ${describeUser(holder)}, not by you, ${describeUser(coordinator.identity)}; ask them, or take it from them with --kick`,
        { blame: 'environment', details: { place: name, holder } },
      )
    }
    await releasePlace(coordinator, name, t, holder)
    print(
      `released place ${name}${holder === coordinator.identity ? '' : `, taken from ${describeUser(holder)}`}`,
    )
  })
}

/** `hil lab allow`. @returns the exit code */
export function allowCommand(
  options: CoordinatorArguments & { readonly place: string; readonly user: string },
): Promise<number> {
  return withCoordinator(options, async (coordinator, t) => {
    const place = findPlace(coordinator, options.place)
    const { name, holder } = place
    if (holder !== coordinator.identity) {
      throw new HilError(
        'lab.not-yours',
        `${describeHolding(place)}; who has it lets others use it: "hil lab acquire -p ${name}" first`,
        { blame: 'environment', details: { place: name, holder } },
      )
    }
    await allowPlace(coordinator, name, options.user, t)
    print(`allowed ${options.user} for place ${name}`)
  })
}

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
      const kept = await untilAllocated(coordinator, token, t).catch(async (error: unknown) => {
        // Who stops waiting wants no place that is kept for them.
        using limit = startDeadline(leaveMs, `cancelling the reservation ${token}`)
        if (t.signal.aborted) await cancelReservation(coordinator, token, limit).catch(() => undefined)
        throw error
      })
      if (!options.shell)
        print(`reservation ${token}: place ${kept.name}; "hil lab acquire -p +${token}" takes it`)
    },
    limitMs,
  )
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

async function withCoordinator(
  options: CoordinatorArguments,
  work: (coordinator: Coordinator, t: Deadline) => Promise<void>,
  limitMs = answerMs,
): Promise<number> {
  const interruption = new AbortController()
  let signalled: Interrupt | undefined
  using _signals = onInterrupt((signal) => {
    signalled = signal
    interruption.abort(new Error(`interrupted by ${signal}`))
  })
  using t = startDeadline(limitMs, 'the answer of the coordinator', interruption)
  try {
    using connecting = t.within(connectMs, 'connecting to the coordinator')
    using coordinator = await Coordinator.connect(addressOf(options), connecting)
    await work(coordinator, t)
    return 0
  } catch (error) {
    if (signalled === undefined) throw error
    return interruptedExit[signalled]
  }
}

function addressOf({ coordinator, tls, ca }: CoordinatorArguments) {
  const address = coordinator ?? (process.env['LG_COORDINATOR'] || '127.0.0.1')
  const isSecure = tls || ca !== undefined
  const parsed = coordinatorSchema.safeParse(
    isSecure ? { address, tls: ca === undefined ? true : { ca } } : address,
  )
  if (parsed.success) return parsed.data
  throw new HilError('coordinator.address', `"${address}" is no address of a coordinator; write HOST:PORT`, {
    ...{ blame: 'environment', details: { address } },
  })
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
