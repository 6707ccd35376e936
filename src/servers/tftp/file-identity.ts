import { stat, type FileHandle } from 'node:fs/promises'

/** What shows that a file is still the one that was hashed. */
export interface FileIdentity {
  readonly device: bigint
  readonly inode: bigint
  readonly size: bigint
  /** Nanoseconds since 1970. */
  readonly modified: bigint
}

/** @param file its path, or the open file, which stays the same when another takes its name */
export async function identify(file: string | FileHandle): Promise<FileIdentity> {
  const { dev, ino, size, mtimeNs } =
    typeof file === 'string' ? await stat(file, { bigint: true }) : await file.stat({ bigint: true })
  return { device: dev, inode: ino, size, modified: mtimeNs }
}

/** @returns what differs, as words of a sentence; `undefined` where nothing does */
export function differenceOf(before: FileIdentity, after: FileIdentity): string | undefined {
  if (before.device !== after.device || before.inode !== after.inode) return 'another file took its place'
  if (before.size !== after.size) return `its size went from ${before.size} to ${after.size} bytes`
  if (before.modified !== after.modified) return 'it was written to'
  return undefined
}

/**
 * File systems stamp a write with the time of the last timer tick (4 ms with HZ=250, 10 ms at worst), so
 * a second write right after the first leaves the stamp as it is.
 * @returns whether a change since `identity` was taken could go unseen
 */
export function isFresh({ modified }: FileIdentity, wallTimeMs: number): boolean {
  return wallTimeMs - Number(modified / 1_000_000n) < freshMs
}

const freshMs = 50
