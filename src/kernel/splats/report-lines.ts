import { frameOf } from './find-place.ts'

/**
 * A line of a stack the unwinder is not sure of says nothing: `? foo+0x1/0x2` (x86), `(unreliable)`
 * (powerpc). @returns `undefined` for such a line
 */
export function withoutDoubt(text: string): string | undefined {
  if (text.includes('<EOI>')) return text
  return text.endsWith(' (unreliable)') || doubtful.test(text) ? undefined : text
}

const doubtful = /^ {0,40}(?:\[<[0-9a-f]{1,16}>\])? {0,4}\? /

/** Whether a line is one a report is made of, and not the next message of a kernel that lives on. */
export function isReportLine(text: string): boolean {
  return typical.test(text) || frameOf(text) !== null
}

const typical = new RegExp(
  [
    String.raw`^\s{1,4}\S|^(?:=|-){10,}|---\[ |^Call [Tt]race|^Backtrace|^Stack:|^Code: |^Modules linked in|^Hardware name`,
    String.raw`^CPU: \d|CPU#\d|^Workqueue: |^task:|^Kernel panic|^Kernel Offset|^RIP|^RSP|^R[A-D0-9]\w: |^(?:FS|CS|DR\d|CR2): `,
    String.raw`^(?:pc|lr|sp|pstate|x\d{1,2}|r\d{1,2}) ?: |^Oops|^Internal error|^SMP: |^Mem abort|^Data abort`,
    String.raw`^(?:Read|Write) of size|^The buggy address|^(?:Allocated|Freed) by|^Memory state|^(?:>?[0-9a-f]{8,16}): `,
    String.raw`\[#\d{1,4}\]|^<\/?(?:TASK|IRQ|NMI|EOI)>|^page_owner|^page last|^Sending NMI|^NMI backtrace`,
  ].join('|'),
)
