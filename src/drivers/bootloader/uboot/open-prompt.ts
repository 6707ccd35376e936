import type { Console } from '../../../board/console.ts'
import type { Deadline } from '../../../core/deadline.ts'
import { markerStatus } from '../../framing/marker-status.ts'
import { nonce } from '../../framing/nonce.ts'
import { confirmMarker } from '../../framing/confirm-marker.ts'
import type { PromptSession } from '../../framing/prompt-session.ts'
import type { UbootOptions } from '../uboot.ts'
import { promptSource, restart } from './dialect.ts'

/** From a prompt that was seen to one that is confirmed and tells the status of each command. */
export function openPrompt(console: Console, options: UbootOptions, t: Deadline): Promise<PromptSession> {
  const { lineLength, echoTimeout, recoveryTimeout } = options
  const dialect = {
    name: 'U-Boot',
    maximumLine: lineLength,
    // After a line filled to the last character U-Boot (2023.01) puts a "0" in front of the next one.
    spareOfLine: 1,
    restart,
    echoMs: echoTimeout,
    recoverMs: recoveryTimeout,
  }
  return confirmMarker(console, dialect, markerStatus(nonce(), promptSource(options)), t)
}
