import { startDeadline } from '../../core/deadline.ts'
import { describeQuarantine } from '../../lab/lease/board-health.ts'
import { leasesOfThisHost, type Queueing } from '../../lab/lease/lease-boards.ts'
import { boardToHold, type BoardArguments } from './chosen-boards.ts'

/**
 * `hil lab return`: ends the quarantine of a board that somebody has mended.
 * @returns the exit code
 * @throws HilError `lock.held` (infrastructure) for a board that is in use, `environment.*` (environment)
 */
export async function returnCommand(
  { queueing, ...args }: BoardArguments & { readonly queueing: Queueing },
  cwd = process.cwd(),
): Promise<number> {
  const { spec } = await boardToHold(args, cwd)
  using t = startDeadline(Number.POSITIVE_INFINITY, `returning ${spec.name}`)
  const emit = (event: { readonly type: string; readonly message?: string }) => {
    if (event.type === 'note') process.stderr.write(`${event.message ?? ''}\n`)
  }
  const lease = leasesOfThisHost({ ...queueing, admitsQuarantined: true })
  const [leased] = await lease([spec], { what: 'hil lab return', emit }, t)
  if (leased === undefined) throw new RangeError(`no lease for ${spec.name}`)
  const before = leased.health
  try {
    await leased.judge({ kind: 'mended' })
  } finally {
    await leased.release()
  }
  process.stdout.write(
    before.quarantinedSince === undefined
      ? `${spec.name} was not in quarantine\n`
      : `${spec.name} is back; it was in quarantine ${describeQuarantine(before)}\n`,
  )
  return 0
}
