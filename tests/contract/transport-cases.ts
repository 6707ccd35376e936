import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn, type ChildProcess } from 'node:child_process'
import type { OpenTransport } from '../../src/board/transport.ts'
import { startDeadline, type Deadline } from '../../src/core/deadline.ts'
import { createMemoryPair } from '../../src/transports/memory.ts'
import { openProcess } from '../../src/transports/process.ts'
import { openRfc2217 } from '../../src/transports/rfc2217.ts'
import { openSerial } from '../../src/transports/serial.ts'
import { openTcp, openUnix } from '../../src/transports/socket.ts'
import { openSshCommand } from '../../src/transports/ssh-command.ts'
import { openTelnet } from '../../src/transports/telnet.ts'
import { RecordingReader } from '../support/recording-reader.ts'
import { startSer2net } from '../support/ser2net.ts'
import { startSshd } from '../support/ssh/sshd.ts'

/** The board's end of a line, in the hands of a test. */
export interface FarEnd {
  readonly received: RecordingReader
  write(bytes: Uint8Array): Promise<void>
  /** Stops and goes on reading, where the line can hold bytes back. */
  pause(): void
  resume(): void
  /** Ends the line from over there. */
  hangUp(): Promise<void>
}

export interface TransportCase {
  readonly name: string
  /** Programs it needs on this machine. */
  readonly needs: readonly string[]
  /** What this line can't do by its nature: title of the test -> reason. */
  readonly cannot: Readonly<Record<string, string>>
  /** Makes a line. `far` is there once the line was opened. */
  readonly create: (t: Deadline) => Promise<TestLine>
}

export interface TestLine {
  readonly open: OpenTransport
  far(): Promise<FarEnd>
  /** A text that the command lines of all processes of this line hold. */
  readonly mark: string
  dispose(): Promise<void>
}

const holdsBack = 'holds a writer back while the board does not read'

export const transportCases: readonly TransportCase[] = [
  {
    name: 'memory',
    needs: [],
    cannot: { [holdsBack]: 'a line in memory hands every byte over at once' },
    create: async () => {
      const [open, openFar] = createMemoryPair()
      const received = new RecordingReader()
      const far = await openFar(received)
      const end: FarEnd = {
        received,
        write: (bytes) => far.write(bytes),
        pause: () => undefined,
        resume: () => undefined,
        hangUp: () => far.close(),
      }
      return { open, far: () => Promise.resolve(end), mark: 'hil-memory', dispose: () => far.close() }
    },
  },
  {
    name: 'tcp',
    needs: [],
    cannot: {},
    create: async () => {
      const line = await listen({ port: 0, host: '127.0.0.1' })
      const { port } = line.server.address() as { port: number }
      return { ...line, open: openTcp({ host: '127.0.0.1', port, connectTimeoutMs: 5000 }) }
    },
  },
  {
    name: 'unix',
    needs: [],
    cannot: {},
    create: async () => {
      const line = await listenUnix()
      return { ...line, open: openUnix({ path: line.path, connectTimeoutMs: 5000 }) }
    },
  },
  {
    name: 'process',
    needs: ['socat'],
    cannot: {},
    create: async () => {
      const line = await listenUnix()
      return { ...line, open: openProcess({ argv: ['socat', 'STDIO', `UNIX-CONNECT:${line.path}`] }) }
    },
  },
  {
    name: 'process on a pty',
    needs: ['socat'],
    cannot: { [holdsBack]: 'script takes everything and keeps it until the program reads' },
    create: async () => {
      const line = await listenUnix()
      const argv = ['socat', 'STDIO', `UNIX-CONNECT:${line.path}`]
      return { ...line, open: openProcess({ argv, terminal: 'raw' }) }
    },
  },
  {
    name: 'a command over SSH, at OpenSSH',
    needs: ['sshd', 'socat'],
    cannot: {},
    create: () => serveOverSsh(false),
  },
  {
    name: 'a command on a pty over SSH, at OpenSSH',
    needs: ['sshd', 'socat'],
    cannot: {},
    create: () => serveOverSsh(true),
  },
  {
    name: 'rfc2217, served by ser2net',
    needs: ['ser2net', 'socat'],
    cannot: {},
    create: async (t) => {
      const line = await serveUart('telnet(rfc2217)', t)
      const server = { host: '127.0.0.1', port: line.port, connectTimeoutMs: 5000 }
      return { ...line, open: openRfc2217({ ...server, ...portSettings, purge: false }) }
    },
  },
  {
    name: 'telnet, served by ser2net',
    needs: ['ser2net', 'socat'],
    cannot: {},
    create: async (t) => {
      const line = await serveUart('telnet', t)
      return { ...line, open: openTelnet({ host: '127.0.0.1', port: line.port, connectTimeoutMs: 5000 }) }
    },
  },
  {
    name: 'serial port on a pty',
    needs: ['socat'],
    cannot: { 'can be opened again after it was closed': 'socat ends with the last user of its pty' },
    create: async (t) => {
      const line = await listenUnix()
      const pty = await startPty(`UNIX-CONNECT:${line.path}`, line.directory, t)
      return {
        ...line,
        open: openSerial({ ...portSettings, path: pty.path }),
        dispose: async () => {
          await pty.stop()
          await line.dispose()
        },
      }
    },
  },
]

/** A socket that is reached by a program which sshd runs. */
async function serveOverSsh(onTerminal: boolean) {
  const line = await listenUnix()
  const sshd = await startSshd()
  const command = `socat -t0 - UNIX-CONNECT:${line.path}`
  return {
    ...line,
    open: openSshCommand({ target: sshd.target(), command, onTerminal, connectTimeoutMs: 5000 }),
    dispose: async () => {
      await sshd[Symbol.asyncDispose]()
      await line.dispose()
    },
  }
}

/** A UART on a pty, whose other end is in the hands of the test, served by ser2net. */
async function serveUart(accepter: string, t: Deadline) {
  const line = await listenUnix()
  const pty = await startPty(`UNIX-CONNECT:${line.path}`, line.directory, t)
  const ser2net = await startSer2net(accepter, `serialdev,${pty.path},115200n81,local`, line.directory, t)
  return {
    ...line,
    port: ser2net.port,
    dispose: async () => {
      await ser2net.stop()
      await pty.stop()
      await line.dispose()
    },
  }
}

export const portSettings = {
  baudRate: 115_200,
  dataBits: 8,
  parity: 'none',
  stopBits: 1,
  flowControl: 'none',
} as const

export interface Pty {
  /** A link to the device, as udev makes them. */
  readonly path: string
  readonly socat: ChildProcess
  stop(): Promise<void>
}

/** A serial port that is a pty; what is written to it goes to `address` of socat. */
export async function startPty(address: string, directory: string, t: Deadline): Promise<Pty> {
  const path = join(directory, 'ttyUSB0')
  const socat = spawn('socat', ['-d', '-d', `PTY,rawer,link=${path}`, address], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(socat, 'exit')
  let said = ''
  const ready = new Promise<void>((resolve) => {
    socat.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('starting data transfer loop')) resolve()
    })
  })
  await t.race(ready)
  return {
    path,
    socat,
    async stop() {
      socat.kill('SIGKILL')
      if (socat.exitCode === null && socat.signalCode === null) await exited
    },
  }
}

async function listenUnix() {
  const directory = await mkdtemp(join(tmpdir(), 'hil-line-'))
  const path = join(directory, 'far')
  const line = await listen({ path })
  return {
    ...line,
    directory,
    path,
    mark: directory,
    dispose: async () => {
      await line.dispose()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function listen(where: { path: string } | { port: number; host: string }) {
  const server: Server = createServer()
  const sockets: Socket[] = []
  const accepted = new Promise<FarEnd>((resolve) => {
    server.on('connection', (socket) => {
      sockets.push(socket)
      resolve(farEndOf(socket))
    })
  })
  server.listen(where)
  await once(server, 'listening')
  return {
    server,
    mark: 'hil-socket',
    far: async () => {
      using t = startDeadline(5000, 'the far end to be connected')
      return await t.race(accepted)
    },
    dispose: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      if (server.listening) await once(server, 'close')
    },
  }
}

function farEndOf(socket: Socket): FarEnd {
  const received = new RecordingReader()
  socket.on('data', (bytes) => {
    received.data(bytes)
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    received.closed(undefined)
  })
  return {
    received,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => {
          if (error) reject(error)
          else resolve()
        })
      }),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    hangUp: async () => {
      socket.destroy()
      if (!socket.closed) await once(socket, 'close')
    },
  }
}
