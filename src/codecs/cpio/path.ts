import { payloadError } from '../payload-error.ts'
import { pathMax, trailerName } from './header.ts'

/** Longest name of one file on Linux file systems, in bytes. */
const nameMax = 255

/**
 * The form under which a path is written: relative, without `.` and doubled `/`.
 * Throws `cpio.bad-path` for what an archive can't hold or what would leave its root.
 */
export function normalizePath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  const normalized = parts.join('/')
  const fault =
    parts.length === 0
      ? 'it names nothing'
      : path.includes('\0')
        ? 'it holds a NUL'
        : parts.includes('..')
          ? 'it leaves the root through ".."'
          : parts.some((part) => Buffer.byteLength(part) > nameMax)
            ? `a name in it is longer than ${nameMax} bytes`
            : Buffer.byteLength(normalized) >= pathMax
              ? `it is longer than the ${pathMax - 1} bytes that the kernel takes`
              : normalized === trailerName
                ? 'this name ends a cpio archive'
                : undefined
  if (fault !== undefined) {
    throw payloadError('cpio.bad-path', `${JSON.stringify(path)} can't be put into an archive: ${fault}`, {
      path,
    })
  }
  return normalized
}

/** `a/b/c` gives `a`, `a/b`: what has to be there before it. */
export function parentsOf(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** Order of the bytes of the names, which no locale changes; a parent comes before its children. */
export function comparePaths(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Names are bytes: those that are no UTF-8 are shown as `\xNN`. */
export function decodeName(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return Array.from(bytes, (byte) =>
      byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
    ).join('')
  }
}
