import { now } from '../../../core/clock.ts'
import type { NightCell, NightRecord } from '../../../core/night-record.ts'

/** The record of a night that goes on, and what of it is on disk. */
export class KeptRecord {
  /** With everything that is known by now. */
  current: NightRecord
  /** What is on disk: nothing else is told. */
  saved: NightRecord
  readonly #save: (record: NightRecord) => Promise<void>
  #countedUntil = now()
  #saving: Promise<void> = Promise.resolve()

  constructor(record: NightRecord, save: (record: NightRecord) => Promise<void>) {
    this.current = record
    this.saved = record
    this.#save = save
  }

  /** Cells that have no outcome yet. */
  open(of: Partial<Pick<NightCell, 'board' | 'payload'>> = {}): readonly NightCell[] {
    return this.current.cells.filter(
      (cell) =>
        isOpen(cell) &&
        (of.board === undefined || cell.board === of.board) &&
        (of.payload === undefined || cell.payload === of.payload),
    )
  }

  /** All cells, of which one has changed. */
  with(changed: NightCell): readonly NightCell[] {
    return this.current.cells.map((cell) => (cell.id === changed.id ? changed : cell))
  }

  /** All cells; those that are open and `of` this get an outcome without a run. */
  withoutRun(
    of: Partial<Pick<NightCell, 'board' | 'payload'>>,
    outcome: Partial<NightCell>,
  ): readonly NightCell[] {
    const given = new Set(this.open(of))
    return this.current.cells.map((cell) => (given.has(cell) ? { ...cell, ...outcome } : cell))
  }

  /**
   * The record is the new one at once; many boards that end at a time are written once.
   * @throws what saving throws
   */
  async keep(change: Partial<NightRecord>): Promise<void> {
    const time = now()
    const activeMs = this.current.activeMs + time - this.#countedUntil
    this.current = { ...this.current, ...change, activeMs }
    this.#countedUntil = time
    const write = this.#saving.then(async () => {
      const record = this.current
      if (this.saved === record) return
      await this.#save(record)
      this.saved = record
    })
    this.#saving = write.catch(() => undefined)
    await write
  }

  /** When all is on disk that could be written. */
  async settled(): Promise<void> {
    await this.#saving
  }
}

export function isOpen({ outcome }: NightCell): boolean {
  return outcome === undefined
}
