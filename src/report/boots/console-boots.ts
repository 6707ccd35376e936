import type { ConsoleBytes } from '../../core/events.ts'
import type { Finding } from '../../kernel/finding.ts'
import { KernelLogReader } from '../../kernel/kernel-log-reader.ts'
import type { Stage } from '../../kernel/stages/stage.ts'
import { timeStampSource } from '../../kernel/time-stamp.ts'
import { ConsoleText } from '../console-text.ts'
import type { BootFinding, RecordedBoot } from './recorded-boot.ts'

/** More lines than this of one boot are only counted: a flood must not fill the memory. */
const keptLines = 100_000

interface Line {
  readonly t: number
  readonly text: string
  readonly offset: number
}

export interface ConsoleBootsOptions {
  /** Whether bytes come with the times at which they came. */
  readonly hasTimes: boolean
}

/** Cuts the console of one board into boots and lines. */
export class ConsoleBoots {
  readonly #board: string
  readonly #hasTimes: boolean
  readonly #reader: KernelLogReader
  readonly #stages: Stage[] = []
  readonly #findings: Finding[] = []
  readonly #lines: Line[] = []
  /** Where lines stood that were not kept. */
  readonly #leftOut: number[] = []
  #ofThisBoot = 0
  #received = 0
  readonly #text = new ConsoleText(({ t, text }) => {
    if (++this.#ofThisBoot > keptLines) this.#leftOut.push(this.#received)
    else this.#lines.push({ t, text, offset: this.#received })
  })

  constructor(board: string, { hasTimes }: ConsoleBootsOptions) {
    this.#board = board
    this.#hasTimes = hasTimes
    this.#reader = new KernelLogReader({
      knowsPower: hasTimes,
      onStage: (stage) => {
        if (stage.boot !== this.#stages.at(-1)?.boot) this.#ofThisBoot = 0
        this.#stages.push(stage)
      },
      onReport: (finding) => this.#findings.push(finding),
    })
  }

  powered(t: number): void {
    this.#text.breakLine()
    this.#reader.powered(t)
  }

  received(bytes: ConsoleBytes, t: number): void {
    const raw = bytes.text === undefined ? Buffer.from(bytes.base64, 'base64') : Buffer.from(bytes.text)
    this.#reader.push(raw, t)
    for (const piece of linesOf(raw)) {
      this.#received += piece.length
      this.#text.push(
        bytes.text === undefined ? { base64: piece.toString('base64') } : { text: piece.toString() },
        t,
      )
    }
  }

  /**
   * No more bytes come.
   * @param told what the run itself found on this console; `undefined` where it did not look
   */
  end(told: readonly BootFinding[] | undefined): readonly RecordedBoot[] {
    this.#text.breakLine()
    this.#reader.end()
    const starts = this.#stages.filter(({ boot }, index) => boot !== this.#stages[index - 1]?.boot)
    const take = {
      lines: takeInOrder(this.#lines),
      leftOut: takeInOrder(this.#leftOut),
      stages: takeInOrder(this.#stages),
      findings: takeInOrder<BootFinding>(told ?? this.#findings.toSorted((a, b) => a.offset - b.offset)),
    }
    return (starts.length === 0 ? [undefined] : starts).map((start, index) => {
      const end = starts[index + 1]?.offset ?? Infinity
      return {
        board: this.#board,
        number: index + 1,
        startedAt: start?.hostTimeMs ?? 0,
        offset: index === 0 ? 0 : (start?.offset ?? 0),
        stages: take
          .stages(({ boot }) => boot === start?.boot)
          .map(({ name, hostTimeMs, kernelTime }) => ({
            name,
            at: this.#since(start, hostTimeMs),
            kernelTime,
          })),
        findings: take.findings(({ offset }) => offset < end),
        // A line that ends where the next boot begins is the last of this one.
        lines: take
          .lines(({ offset }) => offset <= end)
          .map(({ t, text, offset }) => ({ at: this.#since(start, t), offset, ...takeStamp(text) })),
        leftOut: take.leftOut((offset) => offset <= end).length,
      }
    })
  }

  #since(start: Stage | undefined, t: number): number | undefined {
    return this.#hasTimes ? Math.max(0, t - (start?.hostTimeMs ?? 0)) : undefined
  }
}

/** Gives out items from the first to the last, each once, as long as they are wanted. */
function takeInOrder<Item>(items: readonly Item[]): (isWanted: (item: Item) => boolean) => readonly Item[] {
  let next = 0
  return (isWanted) => {
    const start = next
    for (let item = items[next]; item !== undefined && isWanted(item); item = items[next]) next++
    return items.slice(start, next)
  }
}

/** Cut after each line feed. */
function* linesOf(bytes: Buffer): Generator<Buffer> {
  let start = 0
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    yield bytes.subarray(start, end + 1)
    start = end + 1
  }
  if (start < bytes.length) yield bytes.subarray(start)
}

const stamp = new RegExp(`^${timeStampSource} ?`)

function takeStamp(text: string): { readonly text: string; readonly kernelTime: number | undefined } {
  const [whole = '', seconds] = stamp.exec(text) ?? []
  return { text: text.slice(whole.length), kernelTime: seconds === undefined ? undefined : Number(seconds) }
}
