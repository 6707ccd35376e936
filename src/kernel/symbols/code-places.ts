/** A place in the code that a report names. */
export interface CodePlace {
  /** Which line of the report names it, counted from 0. */
  readonly line: number
  /** As it stands there: `foo+0x1c/0x40 [mod]`. */
  readonly text: string
  readonly symbol: string
  readonly offset: number
  /** How long the function is; tells apart functions of the same name. */
  readonly size: number
  readonly module: string | undefined
  /** The instruction after a call: the call itself is before it. */
  readonly isReturn: boolean
}

/**
 * The places in the code that a report names with their symbols, as kernels with `CONFIG_KALLSYMS` print
 * them. These hold wherever the kernel was loaded: no offset of KASLR is in them.
 */
export function codePlaces(lines: readonly string[]): readonly CodePlace[] {
  const places = lines.flatMap((text, line) =>
    [...text.matchAll(named)].map((match) => toPlace(line, text, match)),
  )
  const executed = new Set(places.filter(({ isReturn }) => !isReturn).map(({ text }) => text))
  // The innermost frame of a trap is the instruction itself once more.
  return places.map((place) => (executed.has(place.text) ? { ...place, isReturn: false } : place))
}

/**
 * Places that are given by their address alone, as kernels without `CONFIG_KALLSYMS` print them, where the
 * kernel was linked to have them: minus what `Kernel Offset:` says that KASLR added.
 */
export function bareAddresses(
  lines: readonly string[],
): readonly { line: number; text: string; address: bigint }[] {
  const moved = kernelOffset(lines)
  return lines.flatMap((text, line) => {
    const address = bareFrame.exec(text)?.[1]
    if (address === undefined) return []
    return [{ line, text: address, address: BigInt(`0x${address}`) - moved }]
  })
}

/** `Kernel Offset: 0x4c3754800000 from 0xffff800008000000`; 0 where there is none, or it is `disabled`. */
export function kernelOffset(lines: readonly string[]): bigint {
  for (const line of lines) {
    const offset = /^Kernel Offset: 0x([0-9a-f]{1,16})/.exec(line)?.[1]
    if (offset !== undefined) return BigInt(`0x${offset}`)
  }
  return 0n
}

/** Bounded, as all that is matched on a console: `name+0x12/0x34 [module]`. */
const named =
  /\b([A-Za-z_][\w.$]{0,200})\+0x([0-9a-f]{1,8})\/0x([0-9a-f]{1,8})(?: \[([\w-]{1,60})(?: [\w +-]{1,60})?\])?/g
const bareFrame = /^ {0,8}(?:\[<)?(?:0x)?([0-9a-f]{8,16})(?:>\])?$/

function toPlace(line: number, text: string, match: RegExpExecArray): CodePlace {
  const [whole, symbol = '', offset = '', size = '', module] = match
  return {
    line,
    text: whole,
    symbol,
    offset: Number.parseInt(offset, 16),
    size: Number.parseInt(size, 16),
    module,
    isReturn: !isExecuted.test(text.slice(0, match.index)),
  }
}

/** What stands before an instruction that was executed and is no way back: `pc : `, `RIP: 0010:`, `at `, `in `. */
const isExecuted =
  /(?:\b[pP][cC] {0,2}:|IP:|PC is at|\bat|\bin) {0,4}(?:\d{4}:)?(?:\[<[0-9a-f]{1,16}>\] {0,2})?$/
