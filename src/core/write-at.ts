import type { FileHandle } from 'node:fs/promises'

/** Writes bytes to a place in a file, all of them: a disk that is nearly full takes fewer at once, and says so to the next. */
export async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
