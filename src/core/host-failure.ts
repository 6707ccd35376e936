import type { Blame } from './errors.ts'

/** What is asked of a failure, whether it was thrown here, or tells of another process. */
export interface Failure {
  readonly blame?: Blame
  readonly code?: string
  readonly message?: string
  readonly cause?: unknown
}

/** What hil says of the machine that it runs on, and of the programs there that all boards share. */
const ofHost =
  /^(?:report\.write|tftp\.(?:port-in-use|port-not-allowed|not-listening)|transport\.not-listening|nightly\.worker|coordinator\..*)$/

/** What the system says when the machine has no room, or no network, as Node and C libraries name it. */
const noResource = /\b(?:ENOSPC|EDQUOT|EROFS|EMFILE|ENFILE|ENOMEM|ENETDOWN|ENETUNREACH|EAI_AGAIN)\b/

/** The same in the words of programs that hil has started here. */
const said =
  /no space left on device|disk quota exceeded|too many open files|cannot allocate memory|network is (?:unreachable|down)|temporary failure in name resolution/i

/** Codes of failures whose message is what a program on this machine has said, and not what a board has. */
const ofPrograms = /^(?:power|tool)\./

/** Whether it was the machine that hil runs on which failed: that says nothing of any one board. */
export function isHostFailure({ code = '', message = '', cause }: Failure): boolean {
  return (
    ofHost.test(code) ||
    noResource.test(code) ||
    noResource.test(message) ||
    (ofPrograms.test(code) && said.test(message)) ||
    (cause instanceof Object && isHostFailure(cause))
  )
}
