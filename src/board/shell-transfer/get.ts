import { createHash } from 'node:crypto'
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { now } from '../../core/clock.ts'
import type { Deadline } from '../../core/deadline.ts'
import { messageOf } from '../../core/errors.ts'
import { quoteWord } from '../../core/quote-word.ts'
import { writeAt } from '../../core/write-at.ts'
import type { Transferred, TransferOptions } from '../file-transfer.ts'
import { damagedError, localError, refuseLocal, refusedError } from '../transfer-errors.ts'
import { isWorthwhile, unpack } from './packing.ts'
import type { PosixShell, Tools } from './tools.ts'

export interface ReceivingLine {
  readonly shell: PosixShell
  readonly tools: Tools
}

/** What one command brings: large, for the way there and back costs time; small enough to be sent again. */
const pieceLength = 24 * 1024
const attempts = 4
/** A smaller file is sooner sent than packed. */
const smallestPacked = 4096

/** The pieces gather in a file beside the place on this machine, where the next attempt finds them. */
export async function getOverShell(
  line: ReceivingLine,
  path: string,
  file: string,
  t: Deadline,
  { onProgress }: TransferOptions,
): Promise<Omit<Transferred, 'by'>> {
  const startedAt = now()
  const part = `${file}.hil-part`
  const source = await openSource(line, path, t)
  try {
    const resumedPieces = await resumable(line, source, part, t)
    const inFile = (wire: number) => Math.floor((source.size * wire) / Math.max(1, source.wireLength))
    let done = resumedPieces * pieceLength
    const report = () => onProgress?.({ done: inFile(done), total: source.size })
    report()
    const refuse = refuseLocal(part)
    const handle = await open(part, done === 0 ? 'w' : 'r+').catch(refuse)
    try {
      while (done < source.wireLength) {
        const bytes = await getPiece(line, source, done / pieceLength, t)
        await writeAt(handle, bytes, done).catch(refuse)
        done += bytes.length
        report()
      }
      await handle.truncate(source.wireLength)
    } finally {
      await handle.close()
    }
    await finish(source, part, file)
    return {
      size: source.size,
      durationMs: now() - startedAt,
      resumedFrom: inFile(resumedPieces * pieceLength),
    }
  } finally {
    await source.close()
  }
}

/** What is read on the board: the file, or a copy of it, maybe packed. */
interface Source {
  /** What the file is called, for messages. */
  readonly path: string
  /** Quoted. */
  readonly read: string
  readonly size: number
  readonly wireLength: number
  readonly isPacked: boolean
  close(): Promise<void>
}

async function openSource({ shell, tools }: ReceivingLine, path: string, t: Deadline): Promise<Source> {
  const run = async (command: string) => {
    const { exitCode, stdout } = await shell.run(command, t)
    if (exitCode !== 0) throw refusedError(path, stdout === '' ? `status ${exitCode}` : stdout)
    return stdout
  }
  const place = quoteWord(path)
  const about = await run(
    `[ ! -d ${place} ]||{ echo is a directory;false;}&&wc -c <${place}&&{ [ ! -s ${place} ]||echo regular;}`,
  )
  const [size = 0] = about.split('\n').map(Number)
  const plain = { path, read: place, size, wireLength: size, isPacked: false, close: () => Promise.resolve() }
  // A file of /proc has no size and is made anew each time it is read: all pieces must be of one copy.
  const isMadeUp = size > 0 && !about.includes('regular')
  if (!isMadeUp && (size < smallestPacked || !tools.gzip)) return plain
  const copy = quoteWord(`/tmp/.hil-${createHash('sha256').update(path).digest('hex').slice(0, 12)}`)
  const close = async () => {
    await shell.run(`rm -f ${copy}`, t).catch(() => undefined)
  }
  const pack = size >= smallestPacked && tools.gzip ? 'gzip -c' : 'cat'
  const { exitCode, stdout } = await shell.run(`${pack} <${place} >${copy} 2>/dev/null&&wc -c <${copy}`, t)
  const wireLength = Number(stdout)
  const isPacked = pack !== 'cat'
  const isUseful = exitCode === 0 && (isMadeUp || isWorthwhile(wireLength, size))
  if (isUseful) return { path, read: copy, size, wireLength, isPacked, close }
  await close()
  return plain
}

/** @returns how many pieces of the source an earlier attempt has left here */
async function resumable(
  { shell, tools }: ReceivingLine,
  { read, wireLength }: Source,
  part: string,
  t: Deadline,
): Promise<number> {
  const { digest } = tools
  const left = await readFile(part).catch(() => undefined)
  const pieces = Math.floor(Math.min(left?.length ?? 0, wireLength) / pieceLength)
  if (left === undefined || pieces === 0 || digest === undefined) return 0
  const { stdout } = await shell.run(
    `dd if=${read} bs=${pieceLength} count=${pieces} 2>/dev/null|${digest.program}`,
    t,
  )
  return firstWord(stdout) === digest.of(left.subarray(0, pieces * pieceLength)) ? pieces : 0
}

async function getPiece(
  { shell, tools }: ReceivingLine,
  { path, read, wireLength }: Source,
  index: number,
  t: Deadline,
): Promise<Uint8Array> {
  const { encoder, digest } = tools
  const length = Math.min(pieceLength, wireLength - index * pieceLength)
  const piece = `dd if=${read} bs=${pieceLength} skip=${index} count=1 2>/dev/null`
  const check = digest === undefined ? '' : `;${piece}|${digest.program}`
  let what = ''
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const { stdout } = await shell.run(`${piece}|${encoder.command};echo${check}`, t)
    const text = stdout.trimEnd()
    const end = digest === undefined ? text.length : text.lastIndexOf('\n')
    const bytes = encoder.read(text.slice(0, end))
    const isRight = digest === undefined || firstWord(text.slice(end)) === digest.of(bytes)
    if (bytes.length === length && isRight) return bytes
    what = `${bytes.length} of the ${length} bytes at ${index * pieceLength} came, ${isRight ? 'as they were' : 'and not as they were'}`
  }
  throw damagedError(path, `${what}, ${attempts} times`)
}

async function finish(source: Source, part: string, file: string): Promise<void> {
  const whole = source.isPacked ? await unpacked(source, part) : part
  try {
    await rename(whole, file)
    await rm(part, { force: true })
  } catch (cause) {
    throw localError(file, cause)
  }
}

async function unpacked({ path, size }: Source, part: string): Promise<string> {
  const content = await unpack(await readFile(part)).catch((cause: unknown) => {
    throw damagedError(path, `it can't be unpacked: ${messageOf(cause)}`)
  })
  if (content.length !== size) throw damagedError(path, `it has ${content.length} bytes and not ${size}`)
  const file = `${part}.unpacked`
  await writeFile(file, content).catch(refuseLocal(file))
  return file
}

function firstWord(text: string): string {
  return text.trim().split(/\s/)[0] ?? ''
}
