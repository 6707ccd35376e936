import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { now } from '../../core/clock.ts'
import type { Deadline } from '../../core/deadline.ts'
import { quoteWord } from '../../core/quote-word.ts'
import type { PutOptions, Transferred } from '../file-transfer.ts'
import { damagedError, isFull, refuseLocal, refusedError } from '../transfer-errors.ts'
import { pack, type Wire } from './packing.ts'
import type { PosixShell, Tools } from './tools.ts'

export interface SendingLine {
  readonly shell: PosixShell
  readonly tools: Tools
  readonly commandLength: number
}

/** How many times a piece is sent until it arrives as it is. */
const attempts = 4

/**
 * The pieces gather in a file beside the place that is named after the content: the next attempt to bring the
 * same content finds it there. A piece is added to it once the board's checksum of the piece was right.
 */
export async function putOverShell(
  line: SendingLine,
  file: string | Uint8Array,
  path: string,
  t: Deadline,
  { mode, onProgress }: PutOptions,
): Promise<Omit<Transferred, 'by'>> {
  const startedAt = now()
  const content = typeof file === 'string' ? await readLocal(file) : file
  const size = content.length
  const sending = new Sending(line, content, await pack(content, line.tools.gzip), path, t)
  await sending.begin()
  const resumedFrom = sending.inFile()
  const report = () => onProgress?.({ done: sending.inFile(), total: size })
  report()
  while (!sending.isComplete) {
    await sending.sendPiece()
    report()
  }
  await sending.finish(mode)
  return { size, durationMs: now() - startedAt, resumedFrom }
}

async function readLocal(file: string): Promise<Uint8Array> {
  return readFile(file).catch(refuseLocal(file))
}

class Sending {
  readonly #line: SendingLine
  readonly #content: Uint8Array
  readonly #path: string
  readonly #t: Deadline
  readonly #wire: Uint8Array
  readonly #isPacked: boolean
  /** Quoted: what has arrived, and its last piece, which is not added to it yet. */
  readonly #part: string
  readonly #piece: string
  #sent = 0
  #isPieceWaiting = false

  constructor(line: SendingLine, content: Uint8Array, wire: Wire, path: string, t: Deadline) {
    this.#line = line
    this.#content = content
    this.#path = path
    this.#t = t
    this.#wire = wire.bytes
    this.#isPacked = wire.isPacked
    const name = createHash('sha256').update(wire.bytes).digest('hex').slice(0, 12)
    this.#part = quoteWord(`${path}.hil-${name}`)
    this.#piece = quoteWord(`${path}.hil-piece`)
  }

  get isComplete(): boolean {
    return this.#sent === this.#wire.length
  }

  /** How much of the file has arrived. */
  inFile(): number {
    if (this.isComplete) return this.#content.length
    return Math.floor((this.#content.length * this.#sent) / this.#wire.length)
  }

  /** Finds what an earlier attempt has left. */
  async begin(): Promise<void> {
    const { digest } = this.#line.tools
    const place = quoteWord(this.#path)
    const about = digest === undefined ? '' : `&&wc -c <${this.#part}&&${digest.program} <${this.#part}`
    const stdout = await this.#run(
      `[ ! -d ${place} ]||{ echo is a directory;false;}&&{ true >>${this.#part}${about};}`,
    )
    const [count = '', sum = ''] = stdout.split('\n')
    const found = Number(count)
    const isOurs = digest?.of(this.#wire.subarray(0, found)) === firstWord(sum) && found <= this.#wire.length
    if (found > 0 && isOurs) this.#sent = found
    else await this.#run(`true >${this.#part}`)
  }

  /** The piece before it is added to the rest by the same command. */
  async sendPiece(): Promise<void> {
    const { tools, commandLength } = this.#line
    const length = tools.decoder.fits(commandLength - this.#frame('').length)
    const bytes = this.#wire.subarray(this.#sent, this.#sent + length)
    const wanted = tools.digest?.of(bytes)
    let answer = ''
    for (let attempt = 1; attempt <= attempts; attempt++) {
      answer = await this.#run(this.#frame(tools.decoder.command(bytes)))
      this.#isPieceWaiting = false
      if (firstWord(answer) === wanted || wanted === undefined) {
        this.#isPieceWaiting = true
        this.#sent += bytes.length
        return
      }
      if (isFull(answer)) throw refusedError(this.#path, answer)
    }
    throw damagedError(
      this.#path,
      `of the ${bytes.length} bytes at ${this.#sent} the board's ${tools.digest?.program} said ${JSON.stringify(answer.trim())}, ${attempts} times`,
    )
  }

  /** Puts the file in its place. */
  async finish(mode: number | undefined): Promise<void> {
    const { digest } = this.#line.tools
    const place = quoteWord(this.#path)
    if (this.#isPieceWaiting) await this.#run(`cat ${this.#piece} >>${this.#part}`)
    const whole = this.#isPacked ? quoteWord(`${this.#path}.hil-new`) : this.#part
    if (this.#isPacked) await this.#run(`gzip -dc <${this.#part} >${whole}`)
    if (digest !== undefined) {
      const sum = firstWord(await this.#run(`${digest.program} <${whole}`))
      if (sum !== digest.of(this.#content)) {
        await this.#run(`rm -f ${place}.hil-*`)
        throw damagedError(this.#path, `the board's ${digest.program} of it all is ${sum}`)
      }
    }
    const permissions =
      mode === undefined
        ? `chmod $(stat -c %a ${place} 2>/dev/null) ${whole} 2>/dev/null;`
        : `chmod ${mode.toString(8)} ${whole}&&`
    await this.#run(`${permissions}mv -f ${whole} ${place}&&rm -f ${place}.hil-*`)
  }

  #frame(decode: string): string {
    const { digest } = this.#line.tools
    const added = this.#isPieceWaiting ? `cat ${this.#piece} >>${this.#part}&&` : ''
    // What the checksum says also tells whether the piece was written.
    const check = digest === undefined ? ';' : `;${digest.program} <${this.#piece};`
    return `${added}{ ${decode} >${this.#piece}${check}}`
  }

  async #run(command: string): Promise<string> {
    const { exitCode, stdout } = await this.#line.shell.run(command, this.#t)
    if (exitCode === 0) return stdout
    throw refusedError(this.#path, stdout === '' ? `status ${exitCode} of "${command.slice(0, 80)}"` : stdout)
  }
}

function firstWord(text: string): string {
  return text.trim().split(/\s/)[0] ?? ''
}
