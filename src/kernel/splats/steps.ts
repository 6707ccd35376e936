import type { PlaceRule, Step } from './splat-kind.ts'

/** A function with its offset, `foo.isra.0+0x12/0x34`; its group is the name. */
export const functionSource = String.raw`([A-Za-z0-9_]{1,200})[.+]`
/** An address in brackets, `[<ffffffff81234567>]`. */
export const addressSource = String.raw`\[<?(?:0x)?[0-9a-f]{1,16}>?\]`

/**
 * The instruction that was executed: `RIP: 0010:foo+0x12/0x34` (x86), `pc : foo+0x12/0x34` (arm64),
 * `PC is at foo+0x12/0x34` (arm), `NIP [c000...] foo+0x12/0x34` (powerpc), `epc : foo+0x12` (riscv).
 * A jump to nowhere has no name.
 */
export const instruction = new RegExp(
  String.raw`(?:IP|NIP|pc |PC is at):? (?:(?:[0-9]{1,4}:)?(?:${addressSource} {1,8}){0,2}${functionSource}` +
    String.raw`|(?:[0-9]{1,4}:)?0x[0-9a-f]{1,16}|(?:[0-9]{1,4}:)?${addressSource} {1,8}\[< {0,16}\(null\)>\] {1,16}\(null\)` +
    String.raw`|[0-9]{1,4}: {1,16}\(null\))`,
)

export const callTrace = /Call [Tt]race:|Backtrace:/

/** Where lockdep says a lock was taken: `at: [<address>] foo+0x12/0x34`. */
export const takenAt = new RegExp(String.raw`at: (?:${addressSource} {1,8})?${functionSource}`)

/** A line that begins a stack, or the next one. */
export const stackStart =
  /Call [Tt]race|(?:Allocated|Freed)(?: by task \d{1,8})?:|[^k] backtrace(?: \(crc [0-9a-fA-F]{1,16}\))?:|Backtrace:|Uninit was stored to memory at|status: [0-9a-f]{16} badaddr: [0-9a-f]{16} cause: [0-9a-f]{16}/

const faultSteps: readonly Step[] = [instruction, callTrace, 'stack']
const traceSteps: readonly Step[] = [callTrace, 'stack']

/** Where the kernel was when it faulted; the caller where that is a helper. */
export const atInstruction: PlaceRule = {
  steps: faultSteps,
  // 32-bit arm begins its stack without a word.
  otherwise: [[instruction, 'stack']],
}

/** The innermost function of the call trace. */
export const inCallTrace: PlaceRule = { steps: traceSteps }

/** The same, without functions that only pass the complaint on. */
export function inCallTraceBut(notIn: RegExp): PlaceRule {
  return { steps: traceSteps, notIn }
}

/**
 * A warning is a trap where the compiler can make one: its stack begins at the instruction (on powerpc
 * at the interrupt). Else only a call trace is printed.
 */
export function atWarning(notIn?: RegExp): PlaceRule {
  const trap = new RegExp(String.raw`${instruction.source}|--- interrupt: [0-9]{1,8} at ${functionSource}`)
  const named = new RegExp(String.raw`WARNING: .{0,300}:[0-9]{1,8} (?:at )?${functionSource}`)
  return { steps: [trap, 'stack'], otherwise: [traceSteps], named, ...(notIn === undefined ? {} : { notIn }) }
}
