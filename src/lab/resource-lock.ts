import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, connect, type Server } from 'node:net'
import { userInfo } from 'node:os'
import { text } from 'node:stream/consumers'
import { HilError } from '../core/errors.ts'

/** Who holds a resource, as they say themselves. */
export interface Holder {
  readonly pid: number
  readonly user: string
  /** ISO 8601, UTC. */
  readonly since: string
  /** What it is held for: the board and the command line. */
  readonly what: string
}

/** @param what it is held for */
export function thisProcess(what: string): Holder {
  return { pid: process.pid, user: userInfo().username, since: new Date().toISOString(), what }
}

export interface ResourceLock {
  release(): Promise<void>
}

/**
 * Locks a resource of this host, e.g. `serial:/dev/ttyUSB0`, for this process.
 *
 * The lock is a listening Unix socket with an abstract name (unix(7)): only one process can have it,
 * the kernel frees it with its process however that ends, and whoever finds it taken asks it who
 * holds it. Abstract names are one namespace per network namespace.
 *
 * @throws HilError `lock.held` (infrastructure) that names the holder
 */
export async function lockResource(resource: string, holder: Holder): Promise<ResourceLock> {
  const path = socketName(resource)
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const server = await tryListen(path, holder)
    if (server !== undefined) return { release: () => close(server) }
    const other = await askHolder(path)
    // Nobody there any more: the holder ended between our two questions.
    if (other === 'gone') continue
    throw heldError(resource, other)
  }
  throw heldError(resource, undefined)
}

const attempts = 5
const answerMs = 1000
const longestAnswer = 4096

/** A name is at most 107 bytes long; resources can be longer. */
function socketName(resource: string): string {
  return `\0hil/lock/${createHash('sha256').update(resource).digest('hex')}`
}

/** @returns `undefined` when the name is taken */
async function tryListen(path: string, holder: Holder): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    // Who asks must not keep the lock from being closed.
    socket.end(JSON.stringify(holder), () => socket.destroy())
  })
  server.unref()
  server.listen({ path })
  try {
    await once(server, 'listening')
    return server
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined
    throw error
  }
}

/** @returns `undefined` when the holder does not answer, e.g. because it is stopped */
async function askHolder(path: string): Promise<Holder | 'gone' | undefined> {
  const socket = connect({ path })
  socket.setTimeout(answerMs, () => socket.destroy(new Error('no answer')))
  try {
    const answer = await text(socket)
    return JSON.parse(answer.slice(0, longestAnswer)) as Holder
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' ? 'gone' : undefined
  } finally {
    socket.destroy()
  }
}

function heldError(resource: string, holder: Holder | undefined): HilError {
  const by =
    holder === undefined
      ? 'another process, which does not say who it is'
      : `process ${holder.pid} of ${holder.user} since ${holder.since} (${holder.what})`
  return new HilError(
    'lock.held',
    `${resource} is in use by ${by}; wait until it has ended, or end it with "kill ${holder?.pid ?? 'PID'}"`,
    { blame: 'infrastructure', details: { resource, holder } },
  )
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return
  server.close()
  await once(server, 'close')
}
