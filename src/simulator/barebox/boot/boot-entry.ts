import type { Errno } from '../errno.ts'

/** What `boot -o` replaces; an empty text removes the part. */
export interface Overrides {
  readonly image?: string
  readonly initrd?: string
  readonly oftree?: string
}

export interface BootOptions {
  readonly verbose: boolean
  /** How often `-d` was given; scripts need two to run at all. */
  readonly dryRun: number
  readonly overrides: Overrides
}

/** Something that can be booted. */
export interface BootEntry {
  readonly title: string
  /** Shown under the title by `boot -l`. */
  readonly description: string
  /** Returns after a dry run; never after a boot. @throws BootFailure */
  boot(options: BootOptions): Promise<void>
}

/** Booting an entry failed; the message is the errno's text. */
export class BootFailure extends Error {
  constructor(reason: Errno['message']) {
    super(reason)
  }
}

/** What a name given to `boot` leads to. */
export interface FoundEntries {
  readonly entries: readonly BootEntry[]
  /** Whether the name meant anything, which is not the same: a directory may hold nothing bootable. */
  readonly known: boolean
}
