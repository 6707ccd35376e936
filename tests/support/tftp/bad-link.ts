import type { Socket } from 'node:dgram'
import { openUdpSocket } from '../../../src/servers/tftp/udp-socket.ts'

/** What a link does to packets in both directions; shares from 0 to 1. */
export interface LinkFaults {
  readonly loss?: number
  readonly duplication?: number
  /** Share of packets that are kept back until later ones have passed. */
  readonly reordering?: number
  /** One way, in milliseconds. */
  readonly delayMs?: number
  readonly seed?: number
}

/** How long a packet is kept back to come after others, in milliseconds. */
const heldBackMs = 3

/** A UDP proxy in front of a TFTP server on loopback. It has a port of its own for each transfer, as servers have. */
export interface BadLink extends AsyncDisposable {
  readonly port: number
  readonly lost: number
}

export async function openBadLink(serverPort: number, faults: LinkFaults): Promise<BadLink> {
  const random = randomFrom(faults.seed ?? 1)
  const sockets: Socket[] = []
  const timers = new Set<NodeJS.Timeout>()
  const open = async () => {
    const socket = await openUdpSocket('127.0.0.1', 0)
    sockets.push(socket)
    return socket
  }
  let lost = 0
  let isClosed = false

  const after = (ms: number, pass: () => void) => {
    if (ms === 0) return pass()
    const timer = setTimeout(() => {
      timers.delete(timer)
      pass()
    }, ms)
    timers.add(timer)
  }
  const carry = (bytes: Buffer, from: Socket, port: number) => {
    if (random() < (faults.loss ?? 0)) {
      lost += 1
      return
    }
    const copies = random() < (faults.duplication ?? 0) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      const late = random() < (faults.reordering ?? 0) ? heldBackMs : 0
      after((faults.delayMs ?? 0) + late, () => {
        if (!isClosed) from.send(bytes, port, '127.0.0.1')
      })
    }
  }

  const front = await open()
  /** By the client's port: its side towards the server. */
  const upstream = new Map<number, Promise<Socket>>()
  const connect = async (clientPort: number) => {
    const [towardsServer, towardsClient] = await Promise.all([open(), open()])
    let transferPort = serverPort
    towardsServer.on('message', (bytes, from) => {
      transferPort = from.port
      carry(bytes, towardsClient, clientPort)
    })
    towardsClient.on('message', (bytes) => {
      carry(bytes, towardsServer, transferPort)
    })
    return towardsServer
  }
  front.on('message', (bytes, { port }) => {
    const socket = upstream.get(port) ?? connect(port)
    upstream.set(port, socket)
    void socket.then((ready) => {
      carry(bytes, ready, serverPort)
    })
  })
  return {
    port: front.address().port,
    get lost() {
      return lost
    },
    [Symbol.asyncDispose]: async () => {
      isClosed = true
      await Promise.all(upstream.values())
      for (const timer of timers) clearTimeout(timer)
      for (const socket of sockets) socket.close()
    },
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
