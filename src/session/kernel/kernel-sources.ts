import { startDeadline, type Deadline } from '../../core/deadline.ts'
import { messageOf } from '../../core/errors.ts'
import type { EmitEvent, KernelFinding, KernelSource, RunEventBody } from '../../core/events.ts'

/** Says of the places in a report where they are in the sources. */
export type FindSources = (lines: readonly string[], t: Deadline) => Promise<readonly KernelSource[]>

/** Time for all of a run, in milliseconds: the verdict waits for it. */
const totalMs = 60_000
/** So many reports of one run are looked at; the same ones come again and again. */
const maximumReports = 20

/** Remembers what kernels complained about, and when the run is over says where that is in the sources. */
export class KernelSourceFinder {
  readonly #findSources: FindSources
  readonly #findings: KernelFinding[] = []

  constructor(findSources: FindSources) {
    this.#findSources = findSources
  }

  see(event: RunEventBody): void {
    if (event.type !== 'kernel-finding' || event.level === 'info') return
    if (this.#findings.length < maximumReports) this.#findings.push(event)
  }

  /** What can't be found is a note: the verdict stands without it. */
  async tell(emit: EmitEvent): Promise<void> {
    using t = startDeadline(totalMs, 'finding the source lines of traces')
    try {
      for (const { board, offset, lines } of this.#findings) {
        const sources = await t.race(this.#findSources(lines, t))
        if (sources.length > 0) emit({ type: 'kernel-sources', board, offset, sources })
      }
    } catch (error) {
      emit({ type: 'note', level: 'warning', message: messageOf(error) })
    }
  }
}
