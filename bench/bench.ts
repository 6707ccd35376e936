/** One measured line: what hil needs beside what a peer needs in the same run. */
export interface BenchRow {
  readonly what: string
  readonly measured: string
  /** What it is held against, measured in the same run. */
  readonly peer?: string
  readonly ratio?: number
  /** The limit of the issue it comes from, as text, and whether it is met. */
  readonly target: string
  readonly met: boolean
}

export interface Bench {
  /** What `npm run bench -- NAME` calls it. */
  readonly name: string
  /** Why it can't run here; `undefined` when it can. */
  unavailable?(): Promise<string | undefined>
  run(): Promise<readonly BenchRow[]>
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** Runs alternately, so that noise on the machine hits all of them alike. @returns milliseconds per round */
export async function interleave(
  rounds: number,
  contestants: Readonly<Record<string, () => unknown>>,
): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = Object.fromEntries(
    Object.keys(contestants).map((name) => [name, []]),
  )
  for (let round = 0; round < rounds; round++) {
    for (const [name, work] of Object.entries(contestants)) {
      const start = performance.now()
      await work()
      times[name]?.push(performance.now() - start)
    }
  }
  return times
}
