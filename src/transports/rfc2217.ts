import { setTimeout as wait } from 'node:timers/promises'
import type { OpenTransport, Transport, TransportReader } from '../board/transport.ts'
import { now } from '../core/clock.ts'
import { GuardedTransport } from './guarded-transport.ts'
import type { LineSettings } from './line-settings.ts'
import { control, settingsOf } from './rfc2217/com-port.ts'
import { ComPort } from './rfc2217/port.ts'
import { notAnswered, notSpoken, silent } from './rfc2217/problems.ts'
import { connectSocket, describeAddress } from './socket/connect.ts'
import type { TcpOptions } from './socket.ts'
import { options as telnet } from './telnet/options.ts'
import { PeerWatch } from './telnet/peer-watch.ts'
import { TelnetLine } from './telnet/telnet-line.ts'
import { untilFree } from './telnet/until-free.ts'

export interface Rfc2217Options extends TcpOptions, LineSettings {
  /** Whether the server is to forget what it has received and not sent on. */
  readonly purge: boolean
  /** How often a silent server is asked for a sign of life, in milliseconds. @default 5000 */
  readonly lifeSignMs?: number
}

/**
 * A serial port of another machine, set up from here as RFC 2217 says: ser2net, a terminal server.
 *
 * Opening fails with HilError `transport.not-connected`, `transport.hung-up` (infrastructure),
 * `transport.no-rfc2217`, `transport.bad-baud` or `transport.setting-refused` (environment).
 */
export function openRfc2217(options: Rfc2217Options): OpenTransport {
  return (reader, opening) => untilFree(() => connectPort(options, reader, opening?.signal), opening?.signal)
}

/** Start bit, eight bits, parity, two stop bits. */
const longestCharacter = 12

async function connectPort(
  options: Rfc2217Options,
  reader: TransportReader,
  signal: AbortSignal | undefined,
): Promise<Transport> {
  const { host, port, connectTimeoutMs, baudRate, lifeSignMs = 5000 } = options
  const description = describeAddress('rfc2217', host, port)
  const socket = await connectSocket({ host, port }, description, connectTimeoutMs, signal)
  const line = new TelnetLine(
    socket,
    description,
    {
      data: (bytes) => {
        transport.receive(bytes)
      },
      lost: (reason) => {
        transport.lose(reason)
      },
      heard: () => peer?.heard(),
      // From a server that never answers to it silence would mean nothing.
      alive: () => {
        peer ??= mayWatch ? watchPeer() : undefined
      },
      subnegotiation: (option, payload) => {
        if (option === telnet.comPort) comPort.receive(payload)
      },
    },
    [telnet.comPort],
  )
  // While the board holds its server back, that does not listen to us.
  let mayWatch = options.flowControl === 'none'
  let peer: PeerWatch | undefined
  /** When all that was sent will have gone over the wire at the latest; before that, nothing behind it is read. */
  let drainedAt = 0
  const watchPeer = () =>
    new PeerWatch({
      ask: () => {
        line.askForLife()
      },
      isBusy: () => now() < drainedAt,
      onSilent: (silentMs) => {
        transport.lose(silent(description, silentMs))
      },
      intervalMs: lifeSignMs,
    })
  const comPort = new ComPort(description, (payload) => {
    line.subnegotiate(telnet.comPort, payload)
  })
  // In the order they were asked for, also when a server that had no room has some again.
  let ready = Promise.resolve()
  const transport = new GuardedTransport(`${description} at ${baudRate} baud`, reader, {
    async write(bytes) {
      ready = ready.then(() => comPort.ready())
      await ready
      drainedAt = Math.max(now(), drainedAt) + (1000 * longestCharacter * bytes.length) / baudRate
      await line.write(bytes)
    },
    async sendBreak(ms) {
      comPort.tell({ command: 'control', value: control.breakOn })
      await wait(ms)
      comPort.tell({ command: 'control', value: control.breakOff })
    },
    release() {
      mayWatch = false
      peer?.stop()
      comPort.end()
      return line.release()
    },
  })
  const setUp = async () => {
    const isAgreed = await line.answered(telnet.comPort)
    if (!isAgreed) throw notSpoken(description, 'its server refuses RFC 2217')
    await line.answered(telnet.binary)
    await comPort.set(settingsOf(options))
  }
  const silence = () => notAnswered(description, comPort.unanswered, connectTimeoutMs)
  await line.setUp(setUp, { limitMs: connectTimeoutMs, silence, signal })
  line.askForLife()
  return transport
}
