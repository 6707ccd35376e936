import { HilError } from '../core/errors.ts'
import { formatDuration } from '../core/duration.ts'

/** How busy this host is. */
export interface HostLoad {
  /** Processes that run or could, as Linux averages them over a minute. */
  readonly load: number
  readonly processors: number
}

/** From so many processes for each processor on, the time that a spec had was not its own. */
const busy = 4

/**
 * A spec that did not finish loading: it awaits something for ever, unless the host had no time for it.
 * @param tookMs how long it had
 */
export function loadTimeout(
  file: string,
  tookMs: number,
  { load, processors }: HostLoad,
  cause: unknown,
): HilError {
  const sentence = `${file} did not finish loading in ${formatDuration(Math.round(tookMs))}`
  const isBusy = load >= busy * processors
  return new HilError(
    'spec.load-timeout',
    isBusy
      ? `${sentence} on a host that has a load of ${Math.round(load)} (${processors} can run at once): let fewer boards run at once, or less beside them`
      : `${sentence}: does it await something at its top level?`,
    { blame: isBusy ? 'infrastructure' : 'environment', details: { file, load, processors }, cause },
  )
}
