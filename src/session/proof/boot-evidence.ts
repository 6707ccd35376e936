import type { ServedFile } from '../../board/boot-plan.ts'
import type { FileFetch } from '../../core/file-fetch.ts'
import type { ExpectedPayload } from '../board/prepared-boot.ts'

/** All that was seen of one boot. */
export interface BootEvidence {
  /** Undefined: the board boots what it has. */
  readonly expected: ExpectedPayload | undefined
  /** What this boot alone has in its command line, as `hil.payload=...`; undefined: it was never asked for. */
  readonly nonce: string | undefined
  readonly files: readonly FileEvidence[]
  /** The command that was to boot it. */
  readonly command: { readonly text: string; readonly isLate: boolean } | undefined
  /** What the bootloader reported as replaced. */
  readonly overridden: readonly string[]
  readonly isHandedOver: boolean
  /** Of the kernel on the console, as it came. */
  readonly kernel: {
    /** Whether it said more than a first line. */
    readonly hasSpoken: boolean
    /** Whether its clock ran in what it said: banner and command line come before that. */
    readonly isPastStart: boolean
    /** It was told to be quiet: its banner and its command line are not shown. */
    readonly isQuiet: boolean
    readonly banners: readonly string[]
    readonly commandLines: readonly string[]
  }
  /** Undefined until there was a shell. */
  readonly userspace: UserspaceEvidence | undefined
}

export interface FileEvidence {
  readonly file: ServedFile
  /** Since this boot began; undefined: the server does not tell. */
  readonly fetches: readonly FileFetch[] | undefined
  /** The board has computed its checksum or its digest, and it was right; or an emulator reads it itself. */
  readonly read: 'checksum' | 'digest' | 'emulator' | undefined
}

/** What is undefined could not be read. */
export interface UserspaceEvidence {
  readonly version: string | undefined
  readonly commandLine: string | undefined
  readonly buildId: string | undefined
}
