import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Deadline } from '../../../src/core/deadline.ts'
import { startPty } from '../../contract/transport-cases.ts'
import type { TestContext } from '../driver-context.ts'

/** A relay board at the other end of a pty. */
export interface RelayBoard {
  /** The serial port of the host. */
  readonly port: string
  readonly relays: Map<number, boolean>
  mode: 'well' | 'hangs' | 'lies' | 'fails'
}

/** What a board does with what it has received: it answers, and gives back what is no whole command yet. */
type Firmware = (received: Buffer, board: RelayBoard, answer: (text: string) => void) => Buffer

export async function startRelayBoard(
  firmware: Firmware,
  context: TestContext,
  t: Deadline,
): Promise<RelayBoard> {
  const path = join(context.temporaryDirectory, 'board')
  const server = createServer((socket: Socket) => {
    let received: Buffer = Buffer.alloc(0)
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      if (board.mode === 'hangs') return
      received = firmware(Buffer.concat([received, chunk]), board, (text) => socket.write(text))
    })
  }).listen(path)
  await once(server, 'listening')
  context.undo.defer('the board', () => server.close())
  const pty = await startPty(`UNIX-CONNECT:${path}`, context.temporaryDirectory, t)
  context.undo.defer('the line', () => pty.stop())
  const board: RelayBoard = { port: pty.path, relays: new Map(), mode: 'well' }
  return board
}

/** Numato Lab, "8 Channel USB Relay Module", the command set: it echoes, answers on a line, prompts. */
export const numato: Firmware = (received, board, answer) => {
  const lines = received.toString('latin1').split('\r')
  const rest = lines.pop() ?? ''
  for (const line of lines) {
    const [, action = '', name = ''] = /^relay (on|off|read) ([0-9a-f])$/.exec(line) ?? []
    const relay = parseInt(name, 16)
    if ((action === 'on' || action === 'off') && board.mode === 'well')
      board.relays.set(relay, action === 'on')
    const said = board.mode === 'fails' && action !== '' ? 'error\n\r' : ''
    const state = action === 'read' ? `${board.relays.get(relay) === true ? 'on' : 'off'}\n\r` : ''
    const version = line === 'ver' || line === 'id get' ? '00000008\n\r' : ''
    answer(`${line}\n\r${said || state || version}>`)
  }
  return Buffer.from(rest, 'latin1')
}

/** LC Technology's board of four relays: four bytes switch, 0xff asks. */
export const lcus: Firmware = (received, board, answer) => {
  let rest = received
  while (rest.length > 0 && (rest[0] === 0xff || rest.length >= 4)) {
    if (rest[0] === 0xff) {
      const state = (relay: number) => (board.relays.get(relay) === true ? 'ON ' : 'OFF')
      answer([1, 2, 3, 4].map((relay) => `CH${relay}:${state(relay)}\r\n`).join(''))
      rest = rest.subarray(1)
      continue
    }
    const [start = 0, relay = 0, operation = 0, sum] = rest
    const isRight = start === 0xa0 && sum === ((start + relay + operation) & 0xff)
    if (isRight && board.mode === 'well') board.relays.set(relay, operation === 1)
    rest = rest.subarray(4)
  }
  return rest
}
