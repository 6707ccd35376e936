import type { ConsoleBytes } from '../../core/events.ts'
import type { ConsolePiece } from './page-data.ts'

/** Of more than this, in characters, the middle is left out: a report must open in any browser. */
const keptAtStart = 1 << 20
const keptAtEnd = 3 << 20

/** Pieces that came closer together than this are one, in milliseconds: no eye sees them apart. */
const closeTogether = 4

interface Piece {
  t: number
  direction: ConsolePiece[1]
  text: string
  readonly byte: number
}

/** One console as a report replays it. However much a board says, this stays bounded. */
export class ConsoleRecording {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #start: Piece[] = []
  #end: Piece[] = []
  #startLength = 0
  #endLength = 0
  #leftOut = 0
  #bytes = 0

  received(bytes: ConsoleBytes, t: number): void {
    if (bytes.base64 === undefined) {
      this.#add(t, 'received', this.#decoder.decode() + bytes.text)
      this.#bytes += Buffer.byteLength(bytes.text)
    } else {
      const raw = Buffer.from(bytes.base64, 'base64')
      this.#add(t, 'received', this.#decoder.decode(raw, { stream: true }))
      this.#bytes += raw.length
    }
  }

  sent({ text, base64 }: ConsoleBytes, t: number): void {
    this.#add(t, 'sent', text ?? Buffer.from(base64, 'base64').toString())
  }

  /** Something that neither side said: that the line was closed. */
  note(text: string, t: number): void {
    this.#add(t, 'note', text)
  }

  get pieces(): readonly ConsolePiece[] {
    const [first] = this.#end
    const gap: readonly Piece[] =
      this.#leftOut === 0 || first === undefined
        ? []
        : [
            {
              t: first.t,
              byte: first.byte,
              direction: 'note',
              text: `${this.#leftOut.toLocaleString('en')} characters are left out here; the raw log of the console has them`,
            },
          ]
    return [...this.#start, ...gap, ...this.#end].map(({ t, direction, text, byte }) => [
      Math.round(t * 10) / 10,
      direction,
      text,
      byte,
    ])
  }

  #add(t: number, direction: Piece['direction'], text: string): void {
    if (text === '') return
    const isOfStart = this.#leftOut === 0 && this.#endLength === 0 && this.#startLength < keptAtStart
    if (isOfStart) this.#startLength += text.length
    else this.#endLength += text.length
    append(isOfStart ? this.#start : this.#end, { t, direction, text, byte: this.#bytes })
    if (this.#endLength > 2 * keptAtEnd) this.#forget()
  }

  /** Drops the oldest of the end: seldom, and much at a time. */
  #forget(): void {
    let index = 0
    while (this.#endLength > keptAtEnd && index < this.#end.length - 1) {
      const length = this.#end[index]?.text.length ?? 0
      this.#endLength -= length
      this.#leftOut += length
      index++
    }
    this.#end = this.#end.slice(index)
  }
}

function append(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1)
  const joins =
    last?.direction === piece.direction &&
    piece.direction !== 'note' &&
    piece.t - last.t < closeTogether &&
    last.text.length < 4096
  if (joins) last.text += piece.text
  else pieces.push(piece)
}
