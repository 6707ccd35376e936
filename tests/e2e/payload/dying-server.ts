import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const blockSize = 512
/** What it sends of a file before it is gone. */
const blocks = 100

/** A TFTP server for the files of a directory that falls silent in the middle of each file longer than 50 KiB. */
export async function startDyingServer(directory: string) {
  const socket = createSocket('udp4')
  const reading = new Map<number, Buffer>()
  socket.on('message', (packet: Buffer, { port, address }: RemoteInfo) => {
    const send = (...parts: readonly (Buffer | string)[]) => {
      socket.send(Buffer.concat(parts.map((part) => Buffer.from(part))), port, address)
    }
    if (packet.readUInt16BE(0) === 1) {
      const name = packet.toString('latin1', 2, packet.indexOf(0, 2))
      const found = readdirSync(directory).includes(name)
      if (!found) return send('\0\x05\0\x01no such file\0')
      const content = readFileSync(join(directory, name))
      reading.set(port, content)
      return send(`\0\x06tsize\0${content.length}\0`)
    }
    const content = reading.get(port)
    if (packet.readUInt16BE(0) !== 4 || content === undefined) return
    const block = packet.readUInt16BE(2)
    if (block >= blocks) return
    const number = Buffer.alloc(2)
    number.writeUInt16BE(block + 1)
    send('\0\x03', number, content.subarray(block * blockSize, (block + 1) * blockSize))
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    port: socket.address().port,
    async [Symbol.asyncDispose]() {
      socket.close()
      await once(socket, 'close')
    },
  }
}
