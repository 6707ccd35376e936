import { formatDuration } from '../../core/duration.ts'
import { HilError } from '../../core/errors.ts'
import { isNearBaudRate } from '../line-settings.ts'
import type { ComPortMessage, ComPortSetting } from './com-port.ts'

/** The server won't have RFC 2217, or does not know what it is. */
export function notSpoken(description: string, why: string): HilError {
  return new HilError(
    'transport.no-rfc2217',
    `${description} can't be set up: ${why}; if its server sets the port up itself, use the driver "telnet" or "tcp"`,
    { blame: 'environment', details: { transport: description } },
  )
}

/** Silence after the connection was made. @param unanswered empty where not even the option was agreed on */
export function notAnswered(
  description: string,
  unanswered: readonly ComPortSetting[],
  afterMs: number,
): HilError {
  const within = `within ${formatDuration(afterMs)}`
  const [first] = unanswered
  if (first === undefined) return notSpoken(description, `its server did not answer to RFC 2217 ${within}`)
  return new HilError(
    'transport.setting-refused',
    `${description} was asked for ${first.what}, which its server did not confirm ${within}`,
    {
      blame: 'environment',
      details: { transport: description, unanswered: unanswered.map(({ what }) => what) },
    },
  )
}

/** The server was there, and does not answer any more. */
export function silent(description: string, silentMs: number): HilError {
  return new HilError(
    'transport.hung-up',
    `the connection to ${description} is gone: its server has not answered for ${formatDuration(silentMs)}`,
    { blame: 'infrastructure', details: { transport: description, silentMs } },
  )
}

/** @returns `undefined` where the port now is as was asked for */
export function refusalOf(
  description: string,
  setting: ComPortSetting,
  { value: actual }: ComPortMessage,
): HilError | undefined {
  const { command, value, what } = setting
  const details = { transport: description, wanted: value, actual }
  if (command === 'baud-rate') {
    if (isNearBaudRate(actual, value)) return undefined
    return new HilError('transport.bad-baud', `${description} can't do ${what}, it took ${actual} instead`, {
      blame: 'environment',
      details,
    })
  }
  if (actual === value) return undefined
  return new HilError(
    'transport.setting-refused',
    `${description} can't do ${what}: its server answers with ${actual} where RFC 2217 has ${value}`,
    { blame: 'environment', details },
  )
}
