/** One fetch of a published file, from its request to its end. Plain data, to stand in reports. */
export interface FileFetch {
  readonly client: { readonly host: string; readonly port: number }
  /** The served name. */
  readonly name: string
  /** Of the whole file as it was published, in lower-case hex: what was sent is a part of exactly that. */
  readonly sha256: string
  readonly size: number
  /** Bytes of the file that were sent at least once. */
  readonly sentBytes: number
  /** Bytes of the file that have arrived, as the client says: all of them, if `end` is `complete`. */
  readonly acknowledgedBytes: number
  /** How many blocks were sent again, which tells about the network. */
  readonly resentBlocks: number
  /** What client and server agreed on, e.g. `{ blksize: '1432' }`. */
  readonly options: Readonly<Record<string, string>>
  /**
   * `unconfirmed`: all was sent, and the client is gone without its last acknowledgement, which may have been lost;
   * `aborted` by the client, as bootloaders do when they only look a file up; `timed-out` when it was not heard
   * any more; `failed` when the file can't be read or has changed; `stopped` by the end of the run.
   */
  readonly end: 'complete' | 'unconfirmed' | 'aborted' | 'timed-out' | 'failed' | 'stopped'
  /** What the client or the server said about an end that is not `complete`. */
  readonly reason?: string
  readonly durationMs: number
}
