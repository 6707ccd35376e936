import { startDeadline, type Deadline } from '../../../core/deadline.ts'
import { HilError } from '../../../core/errors.ts'
import { interruptedExit } from '../../../core/verdicts.ts'
import { coordinatorSchema } from '../../../environment/schema/coordinator-schema.ts'
import { Coordinator } from '../../../lab/coordinator/coordinator.ts'
import { onInterrupt, type Interrupt } from '../../interruption.ts'

/** Which coordinator, as commands are told. */
export interface CoordinatorArguments {
  /** `HOST:PORT`; absent: `$LG_COORDINATOR`, or this machine's. */
  readonly coordinator: string | undefined
  /** Whether it is spoken to under TLS, and who signed its certificate. */
  readonly tls: boolean
  readonly ca: string | undefined
}

/** Time to be answered, and to find a coordinator at all, in milliseconds. */
export const answerMs = 30_000
const connectMs = 15_000
/**
 * What a command does in a session with the coordinator.
 * @param limitMs for all of it, in milliseconds
 * @returns the exit code
 */
export async function withCoordinator(
  options: CoordinatorArguments,
  work: (coordinator: Coordinator, t: Deadline) => Promise<void>,
  limitMs = answerMs,
): Promise<number> {
  const interruption = new AbortController()
  let signalled: Interrupt | undefined
  using _signals = onInterrupt((signal) => {
    signalled = signal
    interruption.abort(new Error(`interrupted by ${signal}`))
  })
  using t = startDeadline(limitMs, 'the answer of the coordinator', interruption)
  try {
    using connecting = t.within(connectMs, 'connecting to the coordinator')
    using coordinator = await Coordinator.connect(addressOf(options), connecting)
    await work(coordinator, t)
    return 0
  } catch (error) {
    if (signalled === undefined) throw error
    return interruptedExit[signalled]
  }
}

function addressOf({ coordinator, tls, ca }: CoordinatorArguments) {
  const address = coordinator ?? (process.env['LG_COORDINATOR'] || '127.0.0.1')
  const isSecure = tls || ca !== undefined
  const parsed = coordinatorSchema.safeParse(
    isSecure ? { address, tls: ca === undefined ? true : { ca } } : address,
  )
  if (parsed.success) return parsed.data
  throw new HilError('coordinator.address', `"${address}" is no address of a coordinator; write HOST:PORT`, {
    ...{ blame: 'environment', details: { address } },
  })
}
