import type { Deadline } from '../../../core/deadline.ts'
import type { StepFinding } from '../../../core/examination.ts'
import type { Bench } from '../bench.ts'
import { failed, ok, type NothingToTry } from '../step.ts'

/** Logs in over the network to a board that is at its shell, and makes sure that it is this board. */
export async function logInOverSsh(
  { service }: Pick<Bench, 'service'>,
  t: Deadline,
): Promise<readonly StepFinding[] | NothingToTry> {
  const { ssh } = service.board
  if (ssh === undefined) return { nothingToTry: 'the environment says nothing of SSH' }
  const { exitCode } = await service.runOverSsh(t, 'true', {})
  if (exitCode !== 0) {
    return [
      failed(`"true" ended with status ${exitCode} over SSH`, 'look at the login shell of the user there'),
    ]
  }
  const proof = ssh.checksIdentity ? ', which has the boot_id that is on the console' : ''
  return [ok(`logged in to ${ssh.host ?? 'the address that the console told'}${proof}`)]
}
