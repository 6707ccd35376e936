import { payloadError } from './payload-error.ts'

/** Bytes whose number is known before they are read, and that can be read more than once. */
export interface ByteSource {
  readonly size: number
  /** Starts reading from the first byte. The chunks are views: use them before asking for the next. */
  open(): AsyncIterable<Uint8Array>
}

/** What the codecs take where content is asked for. A string stands for its UTF-8 bytes. */
export type Content = string | Uint8Array | ByteSource

/** Brings any form of content to one that can be streamed. */
export function toByteSource(content: Content): ByteSource {
  if (typeof content !== 'string' && !(content instanceof Uint8Array)) return content
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return { size: bytes.length, open: () => once(bytes) }
}

// eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous, memory is not
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes
}

/** Streams a source and makes sure that it holds exactly what it promised. Throws `content.size-changed`. */
export async function* openChecked(source: ByteSource, name: string): AsyncGenerator<Uint8Array> {
  let seen = 0
  for await (const chunk of source.open()) {
    seen += chunk.length
    if (seen > source.size) break
    yield chunk
  }
  if (seen !== source.size) {
    throw payloadError(
      'content.size-changed',
      `${name} was announced with ${source.size} bytes but gave ${seen > source.size ? 'more' : seen}: did it change while it was read?`,
      { name, announced: source.size },
    )
  }
}

/** Reads a whole stream into one buffer. Throws `content.too-large` beyond `limit` bytes. */
export async function collect(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > limit) {
      throw payloadError('content.too-large', `the content is larger than the limit of ${limit} bytes`, {
        limit,
      })
    }
    parts.push(chunk)
  }
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, size)
}

/** How many NUL bytes bring `size` to a multiple of `alignment`. */
export function paddingTo(alignment: number, size: number): number {
  return (alignment - (size % alignment)) % alignment
}
