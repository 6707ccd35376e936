/** What a transport tells its reader. Called in order; `closed` is the last call. */
export interface TransportReader {
  /** Bytes as they arrived. The array is the reader's to keep. */
  data(bytes: Uint8Array): void
  /**
   * The line is gone: unplugged, hung up, the process behind it died.
   * @param error why, with blame infrastructure; `undefined` after our own `close`
   */
  closed(error: Error | undefined): void
}

/** A byte pipe to a UART: serial port, socket, process, memory. Bytes only: no text, no lines. */
export interface Transport {
  /** For messages: `/dev/ttyUSB0 at 1500000 baud`, `tcp://ser2net:4001`. */
  readonly description: string
  /**
   * Whether every byte arrives, once and unchanged, however fast it is sent: an emulator's UART that
   * takes bytes when it has room for them. Never so on a wire. Absent: no.
   */
  readonly isLossless?: boolean
  /** Resolves when the bytes were handed to the line (or dropped because the board has no power). */
  write(bytes: Uint8Array): Promise<void>
  /**
   * Holds the line in the state that no character has (a break), for which Linux looks as SysRq.
   * Absent: this kind of line can't.
   * @param durationMs how long; where the other end makes the break, that decides
   */
  sendBreak?: ((durationMs: number) => Promise<void>) | undefined
  /** Stops reading and frees the line. Never throws after the line is gone already. */
  close(): Promise<void>
}

/** How a line is opened. */
export interface Opening {
  /** Ends the attempt. */
  readonly signal: AbortSignal
  /**
   * Whether a line that is not there yet is waited for, until `signal` aborts: an adapter to be plugged in, a
   * socket to be made. Only what the system tells of is; other lines fail at once as they do without.
   */
  readonly wait: boolean
}

/**
 * A transport that is not open yet. Opening starts to read at once.
 * Errors are `console.*` or `transport.*`, blame infrastructure (or environment, where the
 * environment names what does not exist).
 * @param opening absent: at once or not at all
 */
export type OpenTransport = (reader: TransportReader, opening?: Opening) => Promise<Transport>
