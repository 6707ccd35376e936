import { constants, inflateRawSync } from 'node:zlib'

const flags = { headerChecksum: 2, extra: 4, name: 8, comment: 16 } as const
const fixedHeader = 10

/**
 * Unpacks gzip as barebox does: it does not look at the checksum behind the data (RFC 1952), so content
 * that was damaged without becoming malformed is taken for good.
 * @throws Error for what is malformed
 */
export function gunzipLoosely(bytes: Uint8Array): Uint8Array {
  return inflateRawSync(deflatedPart(bytes))
}

/** What can be unpacked of the beginning, at least so many bytes where they are there and undamaged. */
export function gunzipBeginning(bytes: Uint8Array, wanted: number): Uint8Array {
  const deflated = deflatedPart(bytes)
  // zlib gives nothing of what comes before damage in one piece of input: the pieces get smaller.
  for (let length = Math.min(deflated.length, 4 * wanted); length > 0; length >>= 1) {
    try {
      const unpacked = inflateRawSync(deflated.subarray(0, length), { finishFlush: constants.Z_SYNC_FLUSH })
      return unpacked.subarray(0, wanted)
    } catch {
      continue
    }
  }
  return new Uint8Array(0)
}

function deflatedPart(bytes: Uint8Array): Uint8Array {
  const given = bytes[3] ?? 0
  let at = fixedHeader
  if (given & flags.extra) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0)
  for (const text of [flags.name, flags.comment]) if (given & text) at = bytes.indexOf(0, at) + 1
  if (given & flags.headerChecksum) at += 2
  return bytes.subarray(at)
}
