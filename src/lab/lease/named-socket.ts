import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * A name that one process of this host can have at a time: a listening Unix socket with an abstract name (unix(7)).
 * The kernel frees it with its process, however that ends. Whoever finds it taken can ask what it is taken for, and
 * hears of its end. Abstract names are one namespace per network namespace.
 */
export interface NamedSocket {
  /** Frees the name, then lets all visitors know. May be called again. */
  close(): Promise<void>
}

export interface NamedSocketOptions {
  /** JSON for who asks. */
  readonly greeting: unknown
  /** A line from a visitor. */
  readonly onMessage?: (line: string) => void
}

/** @returns `undefined` when the name is taken */
export async function takeName(
  name: string,
  { greeting, onMessage }: NamedSocketOptions,
): Promise<NamedSocket | undefined> {
  const visitors = new Set<Socket>()
  const server = createServer((socket) => {
    visitors.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => visitors.delete(socket))
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      for (const line of text.split('\n')) if (line !== '') onMessage?.(line)
    })
    socket.unref()
    socket.write(`${JSON.stringify(greeting)}\n`)
  })
  server.unref()
  server.listen({ path: abstractName(name), backlog })
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined
    throw error
  }
  return { close: () => close(server, visitors) }
}

/** Visitors that the kernel lets wait for a process that is busy, or stopped. */
const backlog = 4096

/** The length of `sun_path`. */
const nameLength = 108

/**
 * Of full length: libuv up to 1.45 (Node 20) binds what is shorter with NULs behind it, a later one without them, and
 * these are two names.
 */
function abstractName(name: string): string {
  if (name.length >= nameLength) throw new RangeError(`${name} is too long for the name of a socket`)
  return `\0${name}`.padEnd(nameLength, '\0')
}

async function close(server: Server, visitors: ReadonlySet<Socket>): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  for (const visitor of visitors) visitor.destroy()
  await closed
}

/** Who has a name, as they say themselves. */
export interface Visit extends Disposable {
  /** `undefined` when they don't answer in time, e.g. because their process is stopped. */
  readonly greeting: unknown
  /** Resolves when they have given the name up, or ended. */
  readonly gone: Promise<void>
  say(line: string): void
}

/** How long whoever has a name may take to answer, in milliseconds. */
const answerMs = 1000
const longestAnswer = 64 << 10
/** After that, whoever was not let in because too many visitors are there asks again. */
const crowdedMs = 200

/** @returns `undefined` when nobody has the name */
export async function visit(name: string): Promise<Visit | undefined> {
  const socket = connect({ path: abstractName(name) })
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve()
    })
  })
  let isCrowded = false
  socket.on('error', ({ code }: NodeJS.ErrnoException) => {
    isCrowded ||= code === 'EAGAIN'
  })
  const greeting = await firstLine(socket)
  // Ended between the question and the answer: whoever asks again finds the name free.
  if (greeting === undefined && socket.destroyed && !isCrowded) return undefined
  return {
    greeting: greeting === undefined ? undefined : parse(greeting),
    gone: isCrowded ? wait(crowdedMs) : closed,
    say: (line) => void socket.write(`${line}\n`),
    [Symbol.dispose]: () => void socket.destroy(),
  }
}

/** @returns `undefined` when the other end closed before, or did not answer */
function firstLine(socket: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = ''
    const end = (line: string | undefined) => {
      clearTimeout(timer)
      socket.removeListener('data', onData)
      // What comes behind the answer is of no interest; the end of it is.
      socket.resume()
      resolve(line)
    }
    const onData = (chunk: string) => {
      text += chunk
      const at = text.indexOf('\n')
      if (at !== -1) end(text.slice(0, at))
      else if (text.length > longestAnswer) end('')
    }
    const timer = setTimeout(end, answerMs, undefined)
    socket.setEncoding('utf8')
    socket.on('data', onData)
    socket.once('close', () => {
      end(undefined)
    })
  })
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
