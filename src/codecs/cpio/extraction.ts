import { payloadError } from '../payload-error.ts'
import type { CpioEntryHead } from './entry.ts'
import { parentsOf } from './path.ts'

/** What of an entry decides where it would be written. */
export type ExtractedEntry = Pick<CpioEntryHead, 'path' | 'type'>

/**
 * Where the entries of an archive may be written below a directory of the host: one relative path
 * for each, in order. Refuses the whole archive (`cpio.unsafe-path`) when an entry would leave that
 * directory: by an absolute path, by `..`, or through a symbolic link that the archive itself brings.
 * Links may point anywhere; nothing is written through them.
 */
export function checkExtraction(entries: Iterable<ExtractedEntry>): string[] {
  const links = new Set<string>()
  return Array.from(entries, ({ path, type }) => {
    if (path.startsWith('/')) throw unsafe(path, 'it is absolute')
    if (path.includes('\0')) throw unsafe(path, 'it holds a NUL')
    const parts = path.split('/').filter((part) => part !== '' && part !== '.')
    if (parts.includes('..')) throw unsafe(path, 'it leaves the directory through ".."')
    const relative = parts.join('/')
    const link = parentsOf(relative).find((parent) => links.has(parent))
    if (link !== undefined) throw unsafe(path, `it goes through the symbolic link ${JSON.stringify(link)}`)
    // Whoever opens an existing link for writing follows it.
    if (type !== 'symlink' && links.has(relative))
      throw unsafe(path, 'the archive has a symbolic link there before it')
    if (relative === '' && type !== 'directory')
      throw unsafe(path, `it would put a ${type} in place of the directory`)
    if (type === 'symlink') links.add(relative)
    return relative === '' ? '.' : relative
  })
}

function unsafe(path: string, why: string) {
  return payloadError('cpio.unsafe-path', `${JSON.stringify(path)} is not extracted: ${why}`, { path })
}
