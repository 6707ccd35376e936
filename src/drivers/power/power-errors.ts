import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'

/** Nobody reads more of an answer than this. */
const keptAnswer = 200

/** What a device said, short enough for a sentence. */
export function quoted(answer: unknown): string {
  const text = (typeof answer === 'string' ? answer : JSON.stringify(answer)).trim().replaceAll(/\s+/g, ' ')
  if (text === '') return 'nothing'
  return text.length > keptAnswer ? `"${text.slice(0, keptAnswer)}..."` : `"${text}"`
}

export function unreachable(device: string, cause: unknown): HilError {
  return new HilError('power.unreachable', `${device} can't be reached: ${reasonOf(cause)}`, {
    blame: 'infrastructure',
    details: { device },
    cause,
  })
}

export function loginRefused(device: string, said: string): HilError {
  const remedy = 'check the user and password of the environment'
  return new HilError('power.login-refused', `${device} refused the login (${said}); ${remedy}`, {
    blame: 'environment',
    details: { device, said },
  })
}

export function noOutlet(device: string, outlet: string | number, said: string): HilError {
  return new HilError('power.no-outlet', `${device} has no outlet ${outlet} (${said})`, {
    blame: 'environment',
    details: { device, outlet, said },
  })
}

/** The device answered, and did not do what it was asked for. */
export function refused(device: string, what: string, said: string): HilError {
  return new HilError('power.refused', `${device} did not ${what}: ${said}`, {
    blame: 'infrastructure',
    details: { device, what, said },
  })
}

/** The device answered something that hil does not understand. */
export function unexpectedAnswer(device: string, answer: unknown): HilError {
  return new HilError(
    'power.unexpected-answer',
    `${device} answered ${quoted(answer)}, which is no answer hil knows`,
    {
      blame: 'infrastructure',
      details: { device, answer },
    },
  )
}
