import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Deadline } from '../core/deadline.ts'
import { HilError } from '../core/errors.ts'
import type { CommandRunner } from './command-runner.ts'

/** What `upload` needs of a shell: quotes, redirections, a few programs. */
export type UploadShell = Pick<CommandRunner, 'run'>

/** Fits the line of a terminal, 4096 characters with its end. */
const lineLength = 3800

/**
 * Brings a file to a board over its shell, whatever that is connected by: packed, as lines of text that any
 * terminal lets through. It is there in full or not at all: its SHA-256 is computed on the board.
 *
 * @param path must need no quotes
 * @throws HilError `upload.no-program` (environment), `upload.failed` (board: no space, as a rule),
 *   `upload.damaged` (infrastructure)
 */
export async function upload(shell: UploadShell, data: Uint8Array, path: string, t: Deadline): Promise<void> {
  await requirePrograms(shell, ['gunzip', 'sha256sum'], t)
  const { encode, unpack } = await encodingFor(shell, t)
  const part = `${path}.part`
  try {
    await run(shell, `: >${part}`, path, t)
    for (const piece of encode(gzipSync(data, { level: 9 }))) {
      await run(shell, `printf %s '${piece}' >>${part}`, path, t)
    }
    const { stdout } = await run(shell, `${unpack(part)}|gunzip >${path}&&sha256sum ${path}`, path, t)
    const wanted = createHash('sha256').update(data).digest('hex')
    if (!stdout.startsWith(wanted)) throw damaged(path, wanted, stdout)
  } finally {
    await shell.run(`rm -f ${part}`, t).catch(() => undefined)
  }
}

interface Encoding {
  readonly encode: (bytes: Buffer) => readonly string[]
  /** A command that writes the bytes. */
  readonly unpack: (file: string) => string
}

const base64: Encoding = {
  encode: (bytes) => cut(bytes.toString('base64'), lineLength),
  unpack: (file) => `base64 -d ${file}`,
}

/** Four times as long, for a board without base64: every shell has printf. */
const octal: Encoding = {
  encode: (bytes) =>
    cut([...bytes].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join(''), lineLength),
  unpack: (file) => `printf %b "$(cat ${file})"`,
}

async function encodingFor(shell: UploadShell, t: Deadline): Promise<Encoding> {
  const { exitCode } = await shell.run('command -v base64', t)
  return exitCode === 0 ? base64 : octal
}

function cut(text: string, length: number): readonly string[] {
  const pieces = Math.ceil(text.length / length)
  return Array.from({ length: pieces }, (_, index) => text.slice(index * length, (index + 1) * length))
}

/** @throws HilError `upload.no-program` (environment) */
export async function requirePrograms(
  shell: UploadShell,
  programs: readonly string[],
  t: Deadline,
): Promise<void> {
  const { exitCode, stdout } = await shell.run(
    `for p in ${programs.join(' ')};do command -v $p >/dev/null||{ echo $p;false;}||break;done`,
    t,
  )
  if (exitCode === 0) return
  throw new HilError(
    'upload.no-program',
    `the board has no ${stdout.trim()}, which is needed to send it a file over its shell`,
    { blame: 'environment', details: { program: stdout.trim() } },
  )
}

async function run(shell: UploadShell, command: string, path: string, t: Deadline) {
  const result = await shell.run(command, t)
  if (result.exitCode === 0) return result
  throw new HilError('upload.failed', `${path} could not be written on the board: ${result.stdout.trim()}`, {
    blame: 'board',
    details: { path, exitCode: result.exitCode },
  })
}

function damaged(path: string, wanted: string, found: string): HilError {
  return new HilError(
    'upload.damaged',
    `${path} arrived as something else: its SHA-256 on the board is ${found.slice(0, 12)}, not ${wanted.slice(0, 12)}`,
    { blame: 'infrastructure', details: { path, wanted } },
  )
}
