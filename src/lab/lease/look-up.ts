import { readFile } from 'node:fs/promises'
import type { LeaseRequest } from './board-lease.ts'
import { asHolder, type Holder } from './holder.ts'
import { waitingFor, type Waiting } from './lease-queue.ts'
import type { BoardHealth } from './board-health.ts'
import { readHealth, readRecord } from './lease-records.ts'
import { visit } from './named-socket.ts'
import { holdName, lockName } from './names.ts'

/** How it stands with the parts of a board. */
export interface Occupation {
  /** Who uses any of them; `silent` who does not say. */
  readonly users: readonly (Holder | 'silent')[]
  /** Who keeps any of them for hand work. */
  readonly keepers: readonly (Holder | 'silent')[]
  /** The next one first. */
  readonly waiting: readonly Waiting[]
  /** Where nobody uses it: who ended without leaving it as declared. */
  readonly abandonedBy: readonly Holder[]
  /** How the bench of the board did. */
  readonly health: BoardHealth
}

/** Asks those who have, keep or wait for the parts of a board. @param directory of the records */
export async function lookUp(
  { resources, knownBy = [] }: LeaseRequest,
  directory: string,
): Promise<Occupation> {
  const users = await askAll(resources.map(lockName))
  const keepers = await askAll(resources.map(holdName))
  const places = await waitingFor(resources)
  const waiting = await Promise.all(
    [...new Map(places.map((place) => [place.rank, place])).values()].map(async ({ name }) => {
      using at = await visit(name)
      const holder = asHolder(at?.greeting)
      const { priority } = (at?.greeting ?? {}) as { priority?: unknown }
      return holder && { holder, priority: Number(priority ?? 0) }
    }),
  )
  const records =
    users.length > 0 ? [] : await Promise.all(resources.map((resource) => readRecord(directory, resource)))
  return {
    users,
    keepers,
    waiting: waiting.filter((each) => each !== undefined),
    abandonedBy: distinct(records.flatMap((record) => record?.holder ?? [])),
    health: await readHealth(directory, knownBy),
  }
}

/** Someone who has, keeps or waits for something of hil's on this host. */
export interface Presence {
  readonly doing: 'uses' | 'holds' | 'waits'
  readonly holder: Holder
}

/** Everyone on this host, each for one thing once. */
export async function everyone(): Promise<readonly Presence[]> {
  const listed = await readFile('/proc/net/unix', 'latin1')
  const names = new Set([...listed.matchAll(anyName)].map(([, name = '']) => name))
  const found = await Promise.all(
    [...names].map(async (name) => {
      using at = await visit(name)
      const holder = asHolder(at?.greeting)
      const doing = name.startsWith('hil/lock/') ? 'uses' : name.startsWith('hil/hold/') ? 'holds' : 'waits'
      return holder && ({ doing, holder } as const)
    }),
  )
  const apart = new Map<string, Presence>()
  for (const each of found) if (each !== undefined) apart.set(`${each.doing} ${keyOf(each.holder)}`, each)
  return [...apart.values()].sort((a, b) => (keyOf(a.holder) < keyOf(b.holder) ? -1 : 1))
}

const anyName = /@(hil\/(?:lock|hold|queue)\/[0-9a-f]{32}[^@\n]*)@*$/gm

async function askAll(names: readonly string[]): Promise<readonly (Holder | 'silent')[]> {
  const answers = await Promise.all(
    names.map(async (name) => {
      using at = await visit(name)
      return at && (asHolder(at.greeting) ?? 'silent')
    }),
  )
  const holders = distinct(answers.filter((answer) => answer !== undefined && answer !== 'silent'))
  return answers.includes('silent') ? [...holders, 'silent'] : holders
}

function distinct(holders: readonly Holder[]): readonly Holder[] {
  return [...new Map(holders.map((holder) => [keyOf(holder), holder])).values()]
}

function keyOf({ user, pid, since, what }: Holder): string {
  return `${user} ${since} ${pid} ${what}`
}
