import type { OpenTransport, Transport, TransportReader } from '../board/transport.ts'
import { formatDuration } from '../core/duration.ts'
import { HilError } from '../core/errors.ts'
import { GuardedTransport } from './guarded-transport.ts'
import { connectSocket, describeAddress } from './socket/connect.ts'
import type { TcpOptions } from './socket.ts'
import { options as telnet } from './telnet/options.ts'
import { TelnetLine } from './telnet/telnet-line.ts'
import { untilFree } from './telnet/until-free.ts'

/**
 * A UART behind a server that speaks telnet and sets up its port itself: a terminal server, ser2net, an
 * emulator. Opening fails with HilError `transport.not-connected`, `transport.hung-up` (infrastructure) or
 * `transport.no-telnet` (environment).
 */
export function openTelnet(options: TcpOptions): OpenTransport {
  return (reader, opening) =>
    untilFree(() => connectTelnet(options, reader, opening?.signal), opening?.signal)
}

async function connectTelnet(
  { host, port, connectTimeoutMs }: TcpOptions,
  reader: TransportReader,
  signal: AbortSignal | undefined,
): Promise<Transport> {
  const description = describeAddress('telnet', host, port)
  const socket = await connectSocket({ host, port }, description, connectTimeoutMs, signal)
  const line = new TelnetLine(socket, description, {
    data: (bytes) => {
      transport.receive(bytes)
    },
    lost: (reason) => {
      transport.lose(reason)
    },
  })
  const transport = new GuardedTransport(description, reader, line)
  // How a CR is to be sent depends on it.
  const agree = async () => void (await line.answered(telnet.binary))
  const silence = () => noTelnet(description, connectTimeoutMs)
  await line.setUp(agree, { limitMs: connectTimeoutMs, silence, signal })
  return transport
}

function noTelnet(description: string, afterMs: number): HilError {
  return new HilError(
    'transport.no-telnet',
    `${description} does not speak telnet: its server answered nothing to it within ${formatDuration(afterMs)}; if it passes bytes as they are, use the driver "tcp"`,
    { blame: 'environment', details: { transport: description } },
  )
}
