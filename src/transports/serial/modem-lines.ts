import { HilError } from '../../core/errors.ts'

/** The outputs of a UART beside its data. */
export interface ModemLines {
  readonly dtr: boolean
  readonly rts: boolean
}

/** What is needed of an open port. */
export interface LineSetter {
  set(lines: ModemLines): Promise<void>
}

interface OpenLines {
  readonly port: LineSetter
  lines: ModemLines
}

/** The ports that this process has open: whoever switches a line of one has to use it, for a port opens only once. */
const openPorts = new Map<string, OpenLines>()

/** Lines that others can switch, until this is disposed of. */
export interface SharedLines extends Disposable {
  /** As they are now. */
  readonly lines: ModemLines
}

/**
 * Lets others switch the lines of a port that is open.
 * @param device the port, by its real path
 */
export function shareLines(device: string, port: LineSetter, lines: ModemLines): SharedLines {
  const shared = { port, lines }
  openPorts.set(device, shared)
  return {
    get lines() {
      return shared.lines
    },
    [Symbol.dispose]: () => {
      if (openPorts.get(device) === shared) openPorts.delete(device)
    },
  }
}

export function isOpenHere(device: string): boolean {
  return openPorts.has(device)
}

/**
 * Switches a line of a port that this process has open, and leaves the other as it is.
 * @throws HilError `transport.no-modem-lines` (environment)
 */
export async function setLine(device: string, line: keyof ModemLines, high: boolean): Promise<void> {
  const shared = openPorts.get(device)
  if (shared === undefined) throw new Error(`${device} is not open`)
  const lines = { ...shared.lines, [line]: high }
  await shared.port.set(lines).catch((cause: unknown) => {
    throw noModemLines(device, cause)
  })
  shared.lines = lines
}

export function noModemLines(path: string, cause: unknown): HilError {
  return new HilError('transport.no-modem-lines', `DTR and RTS of ${path} can't be set`, {
    blame: 'environment',
    details: { path },
    cause,
  })
}
