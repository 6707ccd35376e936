import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { localError, refusedError, refuseLocal } from '../../../board/transfer-errors.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { quoteWord } from '../../../core/quote-word.ts'
import type { SshConnection } from '../../../transports/ssh/connection.ts'
import { startRemote } from '../../../transports/ssh/remote-process.ts'
import type { Report } from './files.ts'
import type { PutJob } from './sftp-files.ts'

/** A connection that is lost looks like the end of the file: only one of the right size is moved to its place. */
export async function putByCat(
  connection: SshConnection,
  { file, size, path, part, mode }: PutJob,
  report: Report,
  t: Deadline,
): Promise<void> {
  const [place, beside] = [quoteWord(path), quoteWord(part)]
  const permissions =
    mode === undefined
      ? `chmod $(stat -c %a ${place} 2>/dev/null) ${beside} 2>/dev/null;`
      : `chmod ${mode.toString(8)} ${beside}&&`
  const command =
    `${notDirectory(place)}cat >${beside}&&[ $(wc -c <${beside}) -eq ${size} ]&&` +
    `{ ${permissions}mv -f ${beside} ${place};}||{ s=$?;rm -f ${beside};exit $s;}`
  const said = new Said()
  const streams = { stdout: () => undefined, stderr: said.take }
  const process = await startRemote(connection, command, streams, t)
  const feed = async () => {
    let done = 0
    for await (const bytes of piecesOf(file)) {
      await t.race(process.write(bytes))
      done += bytes.length
      report(done, size)
    }
    process.endInput()
  }
  try {
    const feeding = feed()
    feeding.catch(() => undefined)
    // The command may end before it has read it all, and says why.
    await Promise.race([feeding, process.ended])
    const { exitCode } = await t.race(process.ended)
    if (exitCode !== 0) throw refusedError(path, said.text() || `status ${exitCode}`)
  } finally {
    process.close()
  }
}

export async function getByCat(
  connection: SshConnection,
  path: string,
  file: string,
  report: Report,
  t: Deadline,
): Promise<number> {
  const place = quoteWord(path)
  const refuse = refuseLocal(file)
  const local = await open(file, 'w').catch(refuse)
  try {
    const size = Number(await output(connection, path, `${notDirectory(place)}wc -c <${place}`, t))
    const stream = local.createWriteStream()
    const written = finished(stream).catch(refuse)
    written.catch(() => undefined)
    let done = 0
    report(0, size)
    const said = new Said()
    const stdout = (bytes: Uint8Array) => {
      stream.write(bytes)
      done += bytes.length
      report(done, size)
    }
    const process = await startRemote(connection, `cat ${place}`, { stdout, stderr: said.take }, t)
    try {
      // Before its end nothing is written in full: what comes first is why it can't be.
      const { exitCode } = await t.race(Promise.race([process.ended, written.then(() => process.ended)]))
      if (exitCode !== 0) throw refusedError(path, said.text() || `status ${exitCode}`)
      stream.end()
      await written
      return done
    } finally {
      process.close()
      stream.destroy()
    }
  } finally {
    await local.close().catch(() => undefined)
  }
}

async function output(
  connection: SshConnection,
  path: string,
  command: string,
  t: Deadline,
): Promise<string> {
  const [said, printed] = [new Said(), new Said()]
  const process = await startRemote(connection, command, { stdout: printed.take, stderr: said.take }, t)
  const { exitCode } = await t.race(process.ended)
  if (exitCode !== 0) throw refusedError(path, said.text() || `status ${exitCode}`)
  return printed.text()
}

function notDirectory(place: string): string {
  return `[ ! -d ${place} ]||{ echo is a directory >&2;exit 1;};`
}

const pieceLength = 64 * 1024

async function* piecesOf(file: string | Uint8Array): AsyncGenerator<Uint8Array> {
  if (typeof file !== 'string') {
    for (let at = 0; at < file.length; at += pieceLength) yield file.subarray(at, at + pieceLength)
    return
  }
  try {
    for await (const bytes of createReadStream(file, { highWaterMark: pieceLength })) yield bytes as Buffer
  } catch (cause) {
    throw localError(file, cause)
  }
}

class Said {
  readonly #pieces: Uint8Array[] = []
  readonly take = (bytes: Uint8Array) => void this.#pieces.push(bytes)

  text(): string {
    return Buffer.concat(this.#pieces).toString()
  }
}
