/**
 * Programs on the board handle text as strings with one character a byte (Latin-1), so that no byte
 * is ever changed by decoding. These two functions are the border.
 */
export function toBytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

export function fromBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** A string of JavaScript as the bytes of its UTF-8, one character a byte. */
export function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}
