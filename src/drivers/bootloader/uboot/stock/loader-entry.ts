import { posix } from 'node:path'
import type { EntryText } from './stock-entry.ts'

/** An entry of the Boot Loader Specification, with what it is ordered by. */
export interface LoaderEntry {
  /** Name of its file, without `.conf`. */
  readonly id: string
  readonly keys: ReadonlyMap<string, readonly string[]>
}

/** https://uapi-group.org/specifications/specs/boot_loader_specification/ */
export function parseLoaderEntry(id: string, text: string): LoaderEntry {
  const keys = new Map<string, string[]>()
  for (const line of text.split(/\r?\n/)) {
    const [, key = '', value = ''] = /^\s*([^\s#]\S*)\s+(.*?)\s*$/.exec(line) ?? []
    if (key !== '') keys.set(key, [...(keys.get(key) ?? []), value])
  }
  return { id, keys }
}

/**
 * The entry that is booted when nobody chooses: the one loader.conf names, else the first by sort-key,
 * machine-id and version, or by name.
 * @param pattern `default` of loader.conf: a name with or without `.conf`, `*` stands for anything
 */
export function defaultEntry(
  entries: readonly LoaderEntry[],
  pattern: string | undefined,
): LoaderEntry | undefined {
  const sorted = entries.toSorted(compareEntries)
  if (pattern === undefined) return sorted[0]
  const parts = pattern.replace(/\.conf$/, '').split('*')
  const source = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('.{0,200}')
  return sorted.find(({ id }) => new RegExp(`^${source}$`).test(id)) ?? sorted[0]
}

/** @param directory that paths of the entry lie in, for the specification lets all of them begin there */
export function toEntryText({ id, keys }: LoaderEntry, directory: string): EntryText {
  const file = (path: string) => posix.join(directory, path)
  const one = (key: string) => keys.get(key)?.at(-1)
  const [kernel, tree] = [one('linux'), one('devicetree')]
  const options = keys.get('options')
  return {
    name: `entry ${id}`,
    bootargs: options?.join(' ') ?? '',
    kernel: kernel === undefined ? undefined : file(kernel),
    initrds: (keys.get('initrd') ?? []).flatMap((line) => line.split(/\s+/)).map(file),
    deviceTree: tree === undefined || tree === 'none' ? undefined : file(tree),
  }
}

function compareEntries(a: LoaderEntry, b: LoaderEntry): number {
  const value = ({ keys }: LoaderEntry, key: string) => keys.get(key)?.at(-1) ?? ''
  const [sortA, sortB] = [value(a, 'sort-key'), value(b, 'sort-key')]
  if ((sortA === '') !== (sortB === '')) return sortA === '' ? 1 : -1
  const byVersion = (one: string, other: string) => other.localeCompare(one, 'en', { numeric: true })
  if (sortA === '') return byVersion(a.id, b.id)
  return (
    sortA.localeCompare(sortB) ||
    value(a, 'machine-id').localeCompare(value(b, 'machine-id')) ||
    byVersion(value(a, 'version'), value(b, 'version')) ||
    byVersion(a.id, b.id)
  )
}
