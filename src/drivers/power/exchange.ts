import { duration } from '../../board/option-types.ts'
import { isDeadlineExceeded, type Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'

/** Whom to ask, and for how long. */
export interface Peer {
  /** As in "the Shelly at 10.0.0.40". */
  readonly name: string
  readonly timeoutMs: number
  /** What may be the reason for silence, beside a device that is dead. */
  readonly whySilent?: string
}

/** The option for how long a device may take; a switch that takes longer than the default is as good as dead. */
export const timeoutOption = duration('How long the device may take for an answer.').prefault('10s')

/**
 * One question to a device and its answer, within a limit of its own. Who does not answer is named.
 * @throws HilError `power.timeout` (infrastructure)
 */
export async function exchange<T>(
  { name, timeoutMs, whySilent }: Peer,
  t: Deadline,
  work: (own: Deadline) => Promise<T>,
): Promise<T> {
  t.throwIfOver()
  using own = t.within(timeoutMs, `the answer of ${name}`)
  try {
    return await own.race(work(own))
  } catch (error) {
    throw isDeadlineExceeded(error) ? notAnswered(name, whySilent, error) : error
  }
}

function notAnswered(name: string, whySilent: string | undefined, cause: HilError): HilError {
  const hint = whySilent === undefined ? '' : ` (${whySilent})`
  return new HilError('power.timeout', `${name} does not answer${hint}: ${cause.message}`, {
    blame: 'infrastructure',
    details: { ...cause.details, device: name },
    cause,
  })
}
