/** Longest banner looked for; real ones have about 200 characters. */
const maximumBanner = 1024
const start = 'Linux version '

export interface Banner {
  readonly release: string | undefined
  readonly banner: string | undefined
}

/**
 * Finds `Linux version <release> (...)` in a kernel that is not compressed. Kernels since 6.1 hold it
 * twice: once without the build number (`# SMP`), which is not what they print.
 */
export function findBanner(bytes: Buffer): Banner {
  let found: Banner = { release: undefined, banner: undefined }
  for (let at = bytes.indexOf(start); at !== -1; at = bytes.indexOf(start, at + 1)) {
    const text = bytes.toString('latin1', at, at + maximumBanner)
    const match = /^Linux version (\S+) \([^\n\0]*/.exec(text)
    if (match === null || match[1]?.includes('%') === true) continue
    const banner = { release: match[1], banner: match[0] }
    if (/ #\d/.test(match[0])) return banner
    if (found.banner === undefined) found = banner
  }
  return found
}
