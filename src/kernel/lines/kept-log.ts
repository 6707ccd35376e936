/**
 * Takes out what those who keep logs put before the lines of a console: `journalctl -k`, syslog, `dmesg -T`,
 * `/dev/kmsg`, terminals and CI systems that write the time, hil's own `console.log`. What is left is what the
 * board said; a log without such additions is left as it is.
 */
export class KeptLog {
  #pending: Uint8Array = none
  /** The beginning of the line was given out already. */
  #isInLine = false

  /** @returns what can be told of it by now */
  push(chunk: Uint8Array): Uint8Array {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    const pieces: Uint8Array[] = []
    let start = 0
    for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, start)) {
      pieces.push(this.#take(bytes.subarray(start, end + 1)))
      this.#isInLine = false
      start = end + 1
    }
    const rest = bytes.subarray(start)
    const isLong = rest.length > longestPrefix
    if (isLong) {
      pieces.push(this.#take(rest))
      this.#isInLine = true
    }
    // A chunk may be reused by whoever reads it.
    this.#pending = isLong ? none : Uint8Array.from(rest)
    return Buffer.concat(pieces)
  }

  /** The log is over. @returns the rest of it */
  end(): Uint8Array {
    const rest = this.#take(this.#pending)
    this.#pending = none
    return rest
  }

  #take(line: Uint8Array): Uint8Array {
    return this.#isInLine ? line : withoutPrefix(line)
  }
}

const none = new Uint8Array(0)
const lineFeed = 10
/** In bytes; bounds the patterns as well. */
const longestPrefix = 256

function withoutPrefix(line: Uint8Array): Uint8Array {
  const beginning = Buffer.from(line.subarray(0, longestPrefix)).toString('latin1')
  if (sent.test(beginning)) return line.subarray(line.at(-1) === lineFeed ? -1 : line.length)
  const record = kmsgRecord.exec(beginning)
  if (record !== null) return joined(stampOf(Number(record[1])), line.subarray(record[0].length))
  const monotonic = journalMonotonic.exec(beginning)
  if (monotonic !== null) return joined(`${monotonic[1]} `, line.subarray(monotonic[0].length))
  return line.subarray(prefix.exec(beginning)?.[0].length ?? 0)
}

function joined(text: string, rest: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(text), rest])
}

/** As the kernel prints it on a console. @param time in microseconds */
function stampOf(time: number): string {
  return `[${(time / 1e6).toFixed(6).padStart(12)}] `
}

/** A record of `/dev/kmsg` (Documentation/ABI/testing/dev-kmsg): `6,339,5140900,-;message`, the time in microseconds. */
const kmsgRecord = /^\d{1,4},\d{1,12},(\d{1,15}),[-c+][^;\n]{0,80};/

const time = String.raw`\d\d:\d\d:\d\d(?:[.,]\d{1,9})?`
const host = String.raw`[\w.:-]{1,64} kernel: `

/** `journalctl -k -o short-monotonic`: `[    0.000000] rock3a kernel: `. */
const journalMonotonic = new RegExp(String.raw`^(\[ {0,8}\d{1,8}\.\d{6}\]) ${host}`)

/** What hil sent to the board, or says of the line, in its `console.log`; the arrow and the cross in UTF-8. */
const sent = /^ {0,12}\d{1,8}\.\d{3} (?:\xc2\xbb|\xc3\x97) /

const prefix = new RegExp(
  [
    // hil's console.log; the bar in UTF-8.
    String.raw`^ {0,12}\d{1,8}\.\d{3} \xe2\x94\x82 `,
    // dmesg -T
    String.raw`^\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\] ?`,
    // syslog and journalctl, with or without the host: `Nov 22 18:00:01 rock3a kernel: `
    String.raw`^[A-Z][a-z]{2} [ \d]\d ${time} (?:${host})?`,
    // The same with an ISO 8601 date; CI systems; terminals: `[2026-11-22 18:00:01.123] `, `[18:00:01] `
    String.raw`^\[?(?:\d{4}-\d\d-\d\d[T ])?${time}(?:Z|[+-]\d\d:?\d\d)?\]?:? (?:${host})?`,
  ].join('|'),
)
