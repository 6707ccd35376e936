/** How a UART is set up. */
export interface LineSettings {
  readonly baudRate: number
  readonly dataBits: 5 | 6 | 7 | 8
  readonly parity: 'none' | 'even' | 'odd'
  readonly stopBits: 1 | 2
  readonly flowControl: 'none' | 'rts-cts' | 'xon-xoff'
  /** The modem lines after opening; absent: as whoever opens the port sets them, on as a rule. */
  readonly dtr?: boolean | undefined
  readonly rts?: boolean | undefined
}

/** Drivers take the nearest rate they have; UARTs that are further apart than this don't understand each other. */
export function isNearBaudRate(actual: number, wanted: number): boolean {
  return Math.abs(actual - wanted) <= wanted * toleratedBaudError
}

const toleratedBaudError = 0.03
