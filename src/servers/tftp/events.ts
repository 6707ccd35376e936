import type { FileFetch } from '../../core/file-fetch.ts'
import type { ServerAddress } from '../../board/boot-plan.ts'

/** The server's log: plain data, one event for each request that was answered. */
export type TftpEvent = FetchEnded | RequestRefused

export interface FetchEnded extends FileFetch {
  readonly type: 'fetch-ended'
}

export interface RequestRefused {
  readonly type: 'request-refused'
  readonly client: ServerAddress
  /** As the client wrote it. */
  readonly name: string
  /** `file-changed`: it is not what was published any more. */
  readonly why: 'not-found' | 'read-only' | 'mode' | 'file-changed' | 'unreadable'
  readonly message: string
}
