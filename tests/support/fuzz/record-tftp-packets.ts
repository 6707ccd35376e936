import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { startDeadline } from '../../../src/core/deadline.ts'
import { startTftpServer } from '../../../src/servers/tftp/tftp-server.ts'

const clients: Readonly<Record<string, (port: number, name: string) => [string, ...string[]]>> = {
  curl: (port, name) => ['curl', '-s', '-o', 'got', `tftp://127.0.0.1:${port}/${name}`],
  'tftp-hpa': (port, name) => ['tftp', '-m', 'binary', '127.0.0.1', `${port}`, '-c', 'get', name, 'got'],
  busybox: (port, name) => [
    'busybox',
    'tftp',
    '-g',
    '-b',
    '1432',
    '-r',
    name,
    '-l',
    'got',
    '127.0.0.1',
    `${port}`,
  ],
  atftp: (port, name) => [
    'atftp',
    ...[
      '--option',
      'blksize 1468',
      '--option',
      'windowsize 8',
      '--option',
      'timeout 2',
      '--option',
      'tsize 0',
    ],
    ...['-g', '-r', name, '-l', 'got', '127.0.0.1', `${port}`],
  ],
}

/** Every packet between real clients and two servers, in.tftpd and ours, each once, as JSON. */
export async function recordTftpPackets(work: string): Promise<Buffer> {
  const content = 'what is fetched by everyone. '.repeat(4)
  mkdirSync(join(work, 'served'))
  writeFileSync(join(work, 'served', 'file'), content)
  const seen = new Map<string, string>()
  using t = startDeadline(60_000, 'recording')
  const ours = await startTftpServer({ host: '127.0.0.1', port: 0 })
  await ours.publish('file', join(work, 'served', 'file'), t)
  const port = 30_069
  const args = ['-L', '-a', `127.0.0.1:${port}`, '-s', join(work, 'served'), '-u', 'root']
  const theirs = execa('/usr/sbin/in.tftpd', args, { reject: false })
  try {
    for (const [server, serverPort] of [
      ['our server', ours.address.port],
      ['in.tftpd', port],
    ] as const) {
      for (const [client, command] of Object.entries(clients)) {
        const tap = await openTap(serverPort, (from, packet) => {
          const text = packet.toString('hex')
          if (!seen.has(text)) seen.set(text, from === 'client' ? client : `${server}, to ${client}`)
        })
        for (const name of ['file', 'missing']) {
          const [program, ...rest] = command(tap.port, name)
          await execa(program, rest, { cwd: work, reject: false, timeout: 15_000, stdin: 'ignore' })
        }
        tap.close()
      }
    }
  } finally {
    theirs.kill()
    await theirs
    await ours.close()
  }
  const lines = [...seen].map(([packet, from]) => JSON.stringify({ from, packet }))
  return Buffer.from(`[\n${lines.join(',\n')}\n]\n`)
}

/** Between a client and a server on loopback. */
async function openTap(serverPort: number, onPacket: (from: 'client' | 'server', packet: Buffer) => void) {
  const [front, back] = [await bound(), await bound()]
  let client = 0
  let transferPort = serverPort
  front.on('message', (packet, { port }) => {
    if (port !== client) transferPort = serverPort
    client = port
    onPacket('client', packet)
    back.send(packet, transferPort, '127.0.0.1')
  })
  back.on('message', (packet, { port }) => {
    transferPort = port
    onPacket('server', packet)
    front.send(packet, client, '127.0.0.1')
  })
  return {
    port: front.address().port,
    close: () => {
      front.close()
      back.close()
    },
  }
}

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}
