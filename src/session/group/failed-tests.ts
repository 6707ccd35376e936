import { startDeadline } from '../../core/deadline.ts'
import type { EmitEvent, RunEventBody, TestIdentity, TestPast } from '../../core/events.ts'

/** What is known of the past of tests that failed. */
export type FindPast = (failed: readonly TestIdentity[]) => Promise<readonly Omit<TestPast, 'type'>[]>

/** Remembers which tests failed, and when the run is over says since when they do. */
export class FailedTests {
  readonly #findPast: FindPast
  readonly #patienceMs: number
  readonly #known = new Map<string, TestIdentity>()
  readonly #failed = new Set<string>()

  /** @param patienceMs the verdict waits no longer for it; it takes some fifty where history is near */
  constructor(findPast: FindPast, patienceMs = 3000) {
    this.#findPast = findPast
    this.#patienceMs = patienceMs
  }

  see(event: RunEventBody): void {
    if (event.type === 'test-started') {
      const { id, file, boards, titles } = event
      this.#known.set(id, { id, file, boards, titles })
    } else if (event.type === 'test-ended') {
      if (event.outcome === 'failed' && !event.willRetry) this.#failed.add(event.id)
      else this.#failed.delete(event.id)
    }
  }

  /** History may be away, or slow: a run is what it is without it. */
  async tell(emit: EmitEvent): Promise<void> {
    const failed = [...this.#failed].flatMap((id) => this.#known.get(id) ?? [])
    if (failed.length === 0) return
    using t = startDeadline(this.#patienceMs, 'asking history since when tests fail')
    const found = await t.race(this.#findPast(failed)).catch(() => [])
    for (const past of found) emit({ type: 'test-past', ...past })
  }
}
