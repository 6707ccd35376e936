import { now } from '../../../core/clock.ts'
import { HilError, messageOf } from '../../../core/errors.ts'
import type { NightCell, NightPayload } from '../../../core/night-record.ts'
import { verdictOf } from '../../../core/verdicts.ts'
import type { JobPayload } from '../worker/messages.ts'
import type { KeptRecord } from './kept-record.ts'

/** What came of a payload: something to boot, or why not. */
export type PreparedPayload = Partial<NightPayload> & { readonly boots?: (board: string) => JobPayload }

/** Builds a payload; is never called twice at a time. @throws HilError for what is not the payload's fault */
export type PreparePayload = (
  payload: NightPayload,
  boards: readonly string[],
  signal: AbortSignal,
) => Promise<PreparedPayload>

export interface PayloadLineOptions {
  readonly record: KeptRecord
  readonly prepare: PreparePayload
  readonly onChange: () => void
  /** Ends it; whoever waits goes on. */
  readonly signal: AbortSignal
}

/** The payloads of a night, prepared one after the other while boards already run those that are there. */
export class PayloadLine {
  building: { readonly payload: string; readonly since: number } | undefined
  readonly #options: PayloadLineOptions
  readonly #boots = new Map<string, PreparedPayload['boots']>()
  /** Those that are not prepared yet, and whoever waits for one. */
  readonly #pending: Set<string>
  #wake: () => void = () => undefined
  #news = this.#nextNews()

  constructor(options: PayloadLineOptions) {
    this.#options = options
    this.#pending = new Set(options.record.open().map(({ payload }) => payload))
    options.signal.addEventListener(
      'abort',
      () => {
        this.#wake()
      },
      { once: true },
    )
  }

  isReady(payload: string): boolean {
    return !this.#pending.has(payload)
  }

  /** When one more is ready, or there will be none. */
  next(): Promise<void> {
    return this.#news
  }

  bootsOf({ payload, board }: NightCell): JobPayload {
    const boots = this.#boots.get(payload)?.(board)
    if (boots === undefined) throw new RangeError(`${payload} was not prepared`)
    return boots
  }

  /** In the order in which cells want them. @throws what keeping the record throws */
  async prepareAll(): Promise<void> {
    const { record, signal } = this.#options
    while (this.#pending.size > 0 && !signal.aborted) {
      const name = record.open().find(({ payload }) => this.#pending.has(payload))?.payload
      if (name === undefined) break
      await this.#prepare(name)
      this.#pending.delete(name)
      this.#wake()
    }
    this.building = undefined
  }

  async #prepare(name: string): Promise<void> {
    const { record, prepare, signal, onChange } = this.#options
    const payload = record.current.payloads.find((each) => each.name === name)
    if (payload === undefined) throw new RangeError(`there is no payload ${name}`)
    const started = now()
    this.building = { payload: name, since: started }
    onChange()
    const boards = [...new Set(record.open({ payload: name }).map(({ board }) => board))]
    let made: PreparedPayload
    try {
      made = await prepare(payload, boards, signal)
    } catch (error) {
      if (signal.aborted) return
      made = { obstacle: { why: messageOf(error), blame: error instanceof HilError ? error.blame : 'hil' } }
    }
    this.building = undefined
    const { boots, ...facts } = made
    this.#boots.set(name, boots)
    const { skipped: _, obstacle: _old, ...known } = payload
    const prepared = { ...known, durationMs: now() - started, ...facts }
    await record.keep({
      payloads: record.current.payloads.map((each) => (each.name === name ? prepared : each)),
      cells: record.withoutRun({ payload: name }, outcomeOf(prepared)),
    })
    onChange()
  }

  #nextNews(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#news = this.#nextNews()
        resolve()
      }
    })
  }
}

/** What cells come to whose payload is not there, or has passed already. */
function outcomeOf({ name, obstacle, skipped }: NightPayload): Partial<NightCell> {
  if (obstacle !== undefined) {
    const { why, blame } = obstacle
    return { outcome: verdictOf(blame), blame, why: `${name} can't be made: ${why}` }
  }
  return skipped === undefined ? {} : { outcome: 'skipped', why: skipped }
}
