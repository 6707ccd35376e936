import { setTimeout as wait } from 'node:timers/promises'
import type { OpenTransport, Transport, TransportReader } from '../board/transport.ts'
import { GuardedTransport } from './guarded-transport.ts'
import type { LineSettings } from './line-settings.ts'
import { control, settingsOf } from './rfc2217/com-port.ts'
import { ComPort } from './rfc2217/port.ts'
import { notAnswered, notSpoken } from './rfc2217/problems.ts'
import { connectSocket, describeAddress } from './socket/connect.ts'
import type { TcpOptions } from './socket.ts'
import { options as telnet } from './telnet/options.ts'
import { TelnetLine } from './telnet/telnet-line.ts'

export interface Rfc2217Options extends TcpOptions, LineSettings {
  /** Whether the server is to forget what it has received and not sent on. */
  readonly purge: boolean
}

/**
 * A serial port of another machine, set up from here as RFC 2217 says: ser2net, a terminal server.
 *
 * Opening fails with HilError `transport.not-connected`, `transport.hung-up` (infrastructure),
 * `transport.no-rfc2217`, `transport.bad-baud` or `transport.setting-refused` (environment).
 */
export function openRfc2217(options: Rfc2217Options): OpenTransport {
  return (reader, opening) => connectPort(options, reader, opening?.signal)
}

async function connectPort(
  options: Rfc2217Options,
  reader: TransportReader,
  signal: AbortSignal | undefined,
): Promise<Transport> {
  const { host, port, connectTimeoutMs, baudRate } = options
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
      subnegotiation: (option, payload) => {
        if (option === telnet.comPort) comPort.receive(payload)
      },
    },
    [telnet.comPort],
  )
  const comPort = new ComPort(description, (payload) => {
    line.subnegotiate(telnet.comPort, payload)
  })
  // In the order they were asked for, also when a server that had no room has some again.
  let ready = Promise.resolve()
  const transport = new GuardedTransport(`${description} at ${baudRate} baud`, reader, {
    async write(bytes) {
      ready = ready.then(() => comPort.ready())
      await ready
      await line.write(bytes)
    },
    async sendBreak(ms) {
      comPort.tell({ command: 'control', value: control.breakOn })
      await wait(ms)
      comPort.tell({ command: 'control', value: control.breakOff })
    },
    release() {
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
  return transport
}
