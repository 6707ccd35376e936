import type { Deadline } from '../core/deadline.ts'
import type { FileFetch } from '../core/file-fetch.ts'
import type { NetworkOverride, ServedFile } from './boot-plan.ts'

/** A place a board can fetch files from during this run: a TFTP server, QEMU's own, a staging directory, its console. */
export interface FileServer {
  /** The server as the board has to name it. */
  readonly address: NetworkOverride['server']
  /** Makes a local file available under a name of the server's choice; gone after the run. */
  publish(name: string, path: string, t: Deadline): Promise<ServedFile>
  /**
   * What was fetched under a served name so far, oldest first. Absent where the server does not tell:
   * then only the board's own checksum proves what it has.
   */
  fetches?(servedName: string): readonly FileFetch[]
  /** How often a served name was asked for so far; with `fetches`. */
  requests?(servedName: string): number
  /** Comes when no fetch of these names is under way any more; with `fetches`. */
  settled?(servedNames: readonly string[]): Promise<void>
  /** Ends fetches that lack only the last acknowledgement of a board that has gone on; with `fetches`. */
  conclude?(servedNames: readonly string[]): Promise<void>
}
