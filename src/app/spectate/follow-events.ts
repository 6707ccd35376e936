import { watch } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { HilError } from '../../core/errors.ts'
import type { RunEvent } from '../../core/events.ts'
import { reasonOf } from '../../core/reason-of.ts'
import { parseEvent } from '../../report/read-events.ts'

/** How much of what came before is read, in bytes. */
const pastBytes = 64 << 10
const pieceBytes = 64 << 10

/**
 * The events of a run that goes on, as they are written, and the last ones before. Whoever writes them is not
 * asked for anything: the kernel tells when the file grows.
 *
 * @param signal there is no more to come: what was written until then is read
 * @throws HilError `console.not-readable` (environment)
 */
export async function* followEvents(file: string, signal: AbortSignal): AsyncGenerator<RunEvent> {
  const handle = await open(file).catch((cause: unknown) => {
    throw notReadable(file, cause)
  })
  // From before the first look on, so that nothing is missed between two.
  const changes = new Changes(file)
  const onAbort = () => {
    changes.happen()
  }
  signal.addEventListener('abort', onAbort)
  try {
    const { size } = await handle.stat()
    const reader = new LineReader(handle, Math.max(0, size - pastBytes))
    for (;;) {
      const isLast = signal.aborted
      const changed = changes.next()
      for await (const line of reader.lines()) {
        const event = parseEvent(line)
        if (event !== undefined) yield event
      }
      if (isLast) return
      await changed
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    changes.close()
    await handle.close()
  }
}

class Changes {
  readonly #watcher: ReturnType<typeof watch>
  #happened: () => void = () => undefined

  constructor(file: string) {
    this.#watcher = watch(file, () => {
      this.happen()
    })
  }

  /** Resolves with the first change from now on. */
  next(): Promise<void> {
    return new Promise((resolve) => (this.#happened = resolve))
  }

  happen(): void {
    this.#happened()
  }

  close(): void {
    this.#watcher.close()
  }
}

/** Whole lines of a file that grows; where it does not begin with the first, what is left of the one there is no line. */
class LineReader {
  readonly #handle: FileHandle
  #position: number
  #rest = Buffer.alloc(0)
  #isCut: boolean

  constructor(handle: FileHandle, position: number) {
    this.#handle = handle
    this.#position = position
    this.#isCut = position > 0
  }

  async *lines(): AsyncGenerator<string> {
    for (;;) {
      const buffer = Buffer.alloc(pieceBytes)
      const { bytesRead } = await this.#handle.read(buffer, 0, pieceBytes, this.#position)
      if (bytesRead === 0) return
      this.#position += bytesRead
      this.#rest = Buffer.concat([this.#rest, buffer.subarray(0, bytesRead)])
      for (let end = this.#rest.indexOf(0x0a); end !== -1; end = this.#rest.indexOf(0x0a)) {
        const line = this.#rest.subarray(0, end).toString()
        this.#rest = this.#rest.subarray(end + 1)
        if (!this.#isCut) yield line
        this.#isCut = false
      }
    }
  }
}

function notReadable(file: string, cause: unknown): HilError {
  return new HilError(
    'console.not-readable',
    `what the run writes down can't be read in ${file}: ${reasonOf(cause)}`,
    { blame: 'environment', details: { file }, cause },
  )
}
