import type { Writable } from 'node:stream'

/** What a program reads, in pieces that are made as it takes them. */
export type ToolInput = AsyncIterable<Uint8Array>

interface Input {
  /** Resolves when the bytes were taken. */
  write(bytes: Uint8Array): Promise<void>
  endInput(): void
}

/** How a program ends that is fed meanwhile. Where it ends before it read all, that tells more than the write that fails. */
export async function whileFed<End>(ended: PromiseLike<End>, to: Input, input: ToolInput): Promise<End> {
  return await Promise.race([ended, feed(to, input).then(() => ended)])
}

async function feed(to: Input, input: ToolInput): Promise<void> {
  for await (const bytes of input) {
    try {
      await to.write(bytes)
    } catch {
      return
    }
  }
  to.endInput()
}

/** The input of a program of this machine. */
export function inputOf(stdin: Writable): Input {
  // Told to whoever writes.
  stdin.on('error', () => undefined)
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        stdin.write(bytes, (error) => {
          if (error) reject(error)
          else resolve()
        })
      }),
    endInput: () => stdin.end(),
  }
}
