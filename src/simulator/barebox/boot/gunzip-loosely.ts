import { inflateRawSync } from 'node:zlib'

const flags = { headerChecksum: 2, extra: 4, name: 8, comment: 16 } as const
const fixedHeader = 10

/**
 * Unpacks gzip as barebox does: it does not look at the checksum behind the data (RFC 1952), so content
 * that was damaged without becoming malformed is taken for good.
 * @throws Error for what is malformed
 */
export function gunzipLoosely(bytes: Uint8Array): Uint8Array {
  const given = bytes[3] ?? 0
  let at = fixedHeader
  if (given & flags.extra) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0)
  for (const text of [flags.name, flags.comment]) if (given & text) at = bytes.indexOf(0, at) + 1
  if (given & flags.headerChecksum) at += 2
  return inflateRawSync(bytes.subarray(at))
}
