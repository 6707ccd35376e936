import { setTimeout as wait } from 'node:timers/promises'
import type { Opening, OpenTransport, Transport, TransportReader } from '../board/transport.ts'
import { HilError } from '../core/errors.ts'
import { GuardedTransport } from './guarded-transport.ts'
import { isNearBaudRate, type LineSettings } from './line-settings.ts'
import { noModemLines, shareLines, type ModemLines, type SharedLines } from './serial/modem-lines.ts'
import { PortIo, type OpenPort } from './serial/port-io.ts'
import { findPortDevice, untilPortDevice } from './serial/port-device.ts'
import type { DeviceRoots } from './serial/usb-ports.ts'
import { portGone, portRefused, requireFreePort } from './serial/port-problems.ts'

export interface SerialOptions extends LineSettings {
  /** The device, a link to it such as one in `/dev/serial/by-id`, or `usb:` and which adapter. */
  readonly path: string
  /** Where USB adapters are looked for. @default /sys and /dev */
  readonly roots?: DeviceRoots
  /** Leaves DTR and RTS as they are when the port is closed, which switches both off as a rule. */
  readonly keepLines?: boolean
}

/** What `SerialPort.binding.open` gives on Linux. */
interface SerialBinding extends OpenPort {
  readonly isOpen: boolean
  close(): Promise<void>
  drain(): Promise<void>
  flush(): Promise<void>
  getBaudRate(): Promise<{ baudRate: number }>
  set(lines: { dtr: boolean; rts: boolean; brk?: boolean; lowLatency?: boolean }): Promise<void>
}

/**
 * A local serial port, for ourselves alone.
 *
 * Opening fails with HilError `transport.no-port`, `transport.port-refused`, `transport.bad-baud`,
 * `transport.no-modem-lines` (environment) or `transport.port-in-use` (infrastructure); an open port
 * ends with `transport.unplugged` or `transport.hung-up` (infrastructure).
 */
export function openSerial(options: SerialOptions): OpenTransport {
  return (reader, opening) => openPort(options, reader, opening)
}

async function openPort(
  options: SerialOptions,
  reader: TransportReader,
  opening: Opening | undefined,
): Promise<Transport> {
  const { path, baudRate, roots } = options
  const device = opening?.wait
    ? await untilPortDevice(path, opening.signal, roots)
    : await findPortDevice(path, roots)
  // Before opening, because that alone would change the line settings under somebody else.
  requireFreePort(path, device)
  const port = await openBinding(options, device)
  try {
    await setUp(port, options)
  } catch (error) {
    await port.close()
    throw error
  }

  const { dtr = true, rts = true } = options
  const shared = shareLines(device, { set: (lines) => setLines(port, lines) }, { dtr, rts })
  const transport = new GuardedTransport(`${path} at ${baudRate} baud`, reader, {
    write: (bytes) => io.write(bytes),
    sendBreak: (durationMs) => sendBreak(port, { path, shared, durationMs }),
    release: async () => {
      shared[Symbol.dispose]()
      io.stop()
      if (port.isOpen) await closeSoon(port)
    },
  })
  const io = new PortIo(port, {
    data: (bytes) => {
      transport.receive(bytes)
    },
    lost: (cause) => {
      // Closed first: the device of an adapter that was pulled may vanish a moment after its line.
      const report = () => {
        transport.lose(portGone(path, device, cause))
      }
      port.close().then(report, report)
    },
  })
  return transport
}

async function openBinding(
  { path, baudRate, dataBits, parity, stopBits, flowControl, keepLines = false }: SerialOptions,
  device: string,
): Promise<SerialBinding> {
  const { SerialPort } = await import('serialport')
  const software = flowControl === 'xon-xoff'
  try {
    const port = await SerialPort.binding.open({
      ...{ path: device, baudRate, dataBits, parity, stopBits, lock: true, hupcl: !keepLines },
      ...{ rtscts: flowControl === 'rts-cts', xon: software, xoff: software },
    })
    return port as SerialBinding
  } catch (cause) {
    throw portRefused(path, device, cause)
  }
}

async function setUp(port: SerialBinding, { path, baudRate, dtr, rts }: SerialOptions): Promise<void> {
  const { baudRate: actual } = await port.getBaudRate()
  if (!isNearBaudRate(actual, baudRate)) {
    throw new HilError(
      'transport.bad-baud',
      `the serial port ${path} can't do ${baudRate} baud, it took ${actual} instead`,
      { blame: 'environment', details: { path, baudRate, actual } },
    )
  }
  const lines = { dtr: dtr ?? true, rts: rts ?? true }
  if (dtr !== undefined || rts !== undefined) {
    await port.set(lines).catch((cause: unknown) => {
      throw noModemLines(path, cause)
    })
  }
  await lowerLatency(port, lines)
}

async function setLines(port: SerialBinding, lines: ModemLines): Promise<void> {
  await port.set(lines)
  await lowerLatency(port, lines)
}

/** Some USB adapters (FTDI) hold bytes back for 16 ms otherwise. Not every port knows it. */
async function lowerLatency(port: SerialBinding, lines: ModemLines): Promise<void> {
  await port.set({ ...lines, lowLatency: true }).catch(() => undefined)
}

interface Break {
  readonly path: string
  readonly shared: SharedLines
  readonly durationMs: number
}

/** The lines stay as they are meanwhile: they may be what gives the board power. */
async function sendBreak(port: SerialBinding, { path, shared, durationMs }: Break): Promise<void> {
  // What was sent before is not to be cut off by it.
  await port.drain()
  await port.set({ ...shared.lines, brk: true }).catch((cause: unknown) => {
    throw new HilError('console.no-break', `${path} can't send a break`, {
      blame: 'environment',
      details: { path },
      cause,
    })
  })
  try {
    await wait(durationMs)
  } finally {
    await setLines(port, shared.lines)
  }
}

/** Bytes that flow control holds back would keep the kernel from closing the port for half a minute. */
const drainMs = 500

async function closeSoon(port: SerialBinding): Promise<void> {
  const drained = port.drain().catch(() => undefined)
  const timer = setTimeout(() => {
    port.flush().catch(() => undefined)
  }, drainMs)
  await drained
  clearTimeout(timer)
  await port.close()
}
