import type { BisectionRecord } from '../../core/bisection-record.ts'

/** Kernels that have passed, the earliest first: with one of them a board can show that it is well. */
export function passedKernels({ probes, ends }: BisectionRecord): readonly string[] {
  return probes.flatMap(({ commit, outcome }) =>
    outcome === 'pass' && commit !== ends.failing ? [commit] : [],
  )
}

/** Why a board is taken out. @param isTold whether it was run with a kernel that has passed */
export function whyOut(record: BisectionRecord, failuresInARow: number, isTold: boolean): string {
  const failed = `it failed ${failuresInARow} times in a row`
  if (isTold) return `${failed}, also with a kernel that has passed before`
  return passedKernels(record).length === 0
    ? `${failed}, and no kernel has passed yet that could show whether it is well`
    : `${failed}, and no kernel that has passed can be had to show whether it is well`
}

/**
 * A board is well: what failed on it all the time before has that of itself.
 * @param limit after so many failures in a row the board was doubted
 * @returns why commits are set aside, by commit
 */
export function accusedBy(
  { probes }: BisectionRecord,
  board: string,
  limit: number,
): Readonly<Record<string, string>> {
  const before = probes.filter((probe) => probe.board === board).slice(-limit)
  const [first] = before
  const isAlways = before.every(
    ({ commit, outcome }) => commit === first?.commit && outcome === 'infrastructure',
  )
  if (first === undefined || !isAlways || before.length < limit) return {}
  const why = `the bench failed with it ${limit} times in a row, and not with a kernel that has passed: ${before.at(-1)?.why ?? ''}`
  return { [first.commit]: why }
}
