/** What the page's script gets: consoles and times. All else stands in the page as HTML. Times in milliseconds. */
export interface PageData {
  readonly end: number
  readonly boards: readonly PageBoard[]
}

export interface PageBoard {
  readonly name: string
  readonly console: readonly ConsolePiece[]
  readonly power: readonly PowerChange[]
  readonly states: readonly StateSpan[]
  readonly tests: readonly TestSpan[]
  readonly stages: readonly StageReached[]
  readonly marks: readonly Mark[]
  /** The letters with which hil's sessions mark their own lines on this console. */
  readonly own: readonly string[]
}

/** What went over a console: when, which way, the text, and where on the raw console it begins. */
export type ConsolePiece = readonly [
  /** Milliseconds since the run began. */
  t: number,
  direction: 'received' | 'sent' | 'note',
  text: string,
  /** How many bytes had been received before it. */
  byte: number,
]

export interface PowerChange {
  readonly t: number
  readonly power: 'on' | 'off' | 'unknown'
}

/** From when to when, in milliseconds since the run began. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A time in which a board was in a state, or on its way to one. */
export interface StateSpan extends Span {
  readonly label: string
  readonly kind: 'state' | 'way' | 'failed'
}

export interface TestSpan extends Span {
  readonly attempt: number
  readonly title: string
  readonly outcome: string
}

/** Something the kernel complained about. */
export interface Mark {
  readonly t: number
  readonly level: 'fatal' | 'error' | 'warning'
  readonly title: string
  /** From which byte of the raw console to which. */
  readonly from: number
  readonly to: number
}

/** That a boot came so far. */
export interface StageReached {
  readonly t: number
  readonly name: string
}
