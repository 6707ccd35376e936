import { now } from '../core/clock.ts'
import { HilError } from '../core/errors.ts'
import type { EmitEvent, RunEventBody } from '../core/events.ts'
import type { KernelRule } from '../environment/environment.ts'
import type { Finding } from '../kernel/finding.ts'
import { KernelLogReader } from '../kernel/kernel-log-reader.ts'

/**
 * Reads what the kernel of one board says, from the events of the run, and tells what it complains about
 * as events. Bytes are counted as the events count them.
 */
export class KernelWatch {
  readonly #board: string
  readonly #reader: KernelLogReader
  readonly #findings: Finding[] = []

  constructor(board: string, rules: readonly KernelRule[], emit: EmitEvent) {
    this.#board = board
    this.#reader = new KernelLogReader({
      allow: rules.map(({ match, reason }) => ({ match, reason })),
      onReport: (finding) => {
        this.#findings.push(finding)
        emit(toEvent(board, finding))
      },
    })
  }

  see(event: RunEventBody): void {
    if (!('board' in event) || event.board !== this.#board) return
    if (event.type === 'console-rx') this.#reader.push(bytesOf(event), now())
    else if (event.type === 'power' && event.action === 'off') this.#reader.expectReboot()
    // What comes after the hand-over is the kernel's own doing; before it a boot is what was asked for.
    else if (event.type === 'state-entering' && event.from !== 'linux') this.#reader.expectReboot()
  }

  /** How much has been found so far, for `complaintSince`. Ends the reports under way: they belong before it. */
  mark(): number {
    this.#reader.flush()
    return this.#findings.length
  }

  /** The gravest thing the kernel has said since, as an error; `undefined` where it is content. */
  complaintSince(mark: number): HilError | undefined {
    this.#reader.flush()
    const bad = this.#findings.slice(mark).filter(({ level }) => level !== 'info')
    const worst =
      bad.find(({ level }) => level === 'fatal') ?? bad.find(({ level }) => level === 'error') ?? bad[0]
    return worst && complaint(this.#board, worst, bad.length - 1)
  }
}

function complaint(board: string, { title, signature, kind }: Finding, others: number): HilError {
  const more = others === 0 ? '' : others === 1 ? ', and one thing more' : `, and ${others} things more`
  return new HilError(
    'kernel.complaint',
    `the kernel of ${board} said "${title}" in the meantime${more}; where that is known, allow it by its signature in kernel-log.allow`,
    { blame: 'board', details: { board, title, signature, kind } },
  )
}

function toEvent(board: string, finding: Finding): RunEventBody {
  const { level, kind, title, signature, kernelTime, offset, end, lines, corrupted, excuse } = finding
  return {
    type: 'kernel-finding',
    board,
    ...{ level, kind, title, signature, offset, end, lines },
    ...(kernelTime !== undefined && { kernelTime }),
    ...(corrupted !== undefined && { corrupted }),
    ...(excuse !== undefined && { excuse }),
  }
}

function bytesOf({ text, base64 }: { readonly text?: string; readonly base64?: string }): Uint8Array {
  return base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64')
}
