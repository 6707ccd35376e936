import { stat } from 'node:fs/promises'
import { mapConcurrently } from '../codecs/fit/map-concurrently.ts'
import { digestFile } from '../core/digest-file.ts'
import { unreadable } from './files.ts'

/** What a file was when something was made of it. */
export interface InputRecord {
  /** Size, times and inode: while these are the same, so is the content. Empty: only the hash tells. */
  readonly mark: string
  readonly sha256: string
}

/** Files by their paths. */
export type InputRecords = Readonly<Record<string, InputRecord>>

/** A file that is not there. */
export const absentFile: InputRecord = { mark: 'absent', sha256: 'absent' }

/**
 * What files are now. A file whose mark is as it was is not read again.
 * @throws HilError `payload.unreadable` (payload)
 */
export function recordInputs(paths: readonly string[], known: InputRecords): Promise<InputRecords> {
  return recordEach(paths, (path) => recordInput(path, known[path]))
}

/** As `recordInputs`, but a file need not be there. */
export function recordPresentInputs(paths: readonly string[], known: InputRecords): Promise<InputRecords> {
  return recordEach(paths, (path) => recordInput(path, known[path]).catch(() => absentFile))
}

/** The paths whose content is another, or that only one of the two has. */
export function changedInputs(before: InputRecords, now: InputRecords): readonly string[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(now)])
  return [...paths].filter((path) => before[path]?.sha256 !== now[path]?.sha256).sort()
}

/** The files that were written to since they were recorded, or that can't be told. */
export async function touchedInputs(records: InputRecords): Promise<readonly string[]> {
  const now = await recordPresentInputs(Object.keys(records), records)
  return changedInputs(records, now)
}

/** What tells a file from what it was before. @throws HilError `payload.unreadable` (payload) */
export async function markOf(path: string): Promise<string> {
  return (await identify(path)).mark
}

async function recordEach(
  paths: readonly string[],
  record: (path: string) => Promise<InputRecord>,
): Promise<InputRecords> {
  const entries = await mapConcurrently([...new Set(paths)].sort(), 16, async (path) => {
    return [path, await record(path)] as const
  })
  return Object.fromEntries(entries)
}

async function recordInput(path: string, before: InputRecord | undefined): Promise<InputRecord> {
  const wallTimeMs = Date.now()
  const { mark, changedMs } = await identify(path)
  if (before?.mark === mark) return before
  const { sha256 } = await digestFile(path).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  return { mark: wallTimeMs - changedMs < freshMs ? '' : mark, sha256 }
}

/**
 * File systems stamp a write with the time of the last timer tick (4 ms with HZ=250, 10 ms at worst): a file
 * that was written just now can be written to again and keep its stamp.
 */
const freshMs = 50

/** The time of the last change of an inode can't be set back: a file that was touched up is noticed. */
async function identify(path: string): Promise<{ readonly mark: string; readonly changedMs: number }> {
  const { size, mtimeNs, ctimeNs, ino } = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  return { mark: [size, mtimeNs, ctimeNs, ino].join(':'), changedMs: Number(ctimeNs / 1_000_000n) }
}
