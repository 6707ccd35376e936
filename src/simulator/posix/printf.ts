import { unescapeEcho, unescapeFormat } from './escapes.ts'

const directive = /%(%|([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?([diouxXcsb]))/g

/** `printf`: the format is used again as long as there are values. */
export function formatPrintf(
  format: string,
  values: readonly string[],
): { text: string; problem: string | undefined } {
  const left = [...values]
  let text = ''
  let problem: string | undefined
  do {
    const before = left.length
    text += format
      .split(/(%%|%[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[diouxXcsb])/)
      .map((piece, index) =>
        index % 2 === 0 ? unescapeFormat(piece) : piece.replace(directive, (all) => convert(all)),
      )
      .join('')
    if (left.length === before) break
  } while (left.length > 0)
  return { text, problem }

  function convert(all: string): string {
    if (all === '%%') return '%'
    directive.lastIndex = 0
    const [, , flags = '', width, precision, kind = 's'] = directive.exec(all) ?? []
    const size = (part: string | undefined) =>
      part === undefined ? undefined : Number(part === '*' ? (left.shift() ?? '0') : part)
    const columns = size(width) ?? 0
    const digits = size(precision)
    const shown = body(kind, left.shift() ?? '', digits, flags)
    if (flags.includes('-')) return shown.padEnd(columns)
    const zeros = flags.includes('0') && 'diouxX'.includes(kind) && digits === undefined
    if (!zeros) return shown.padStart(columns)
    const sign = /^[-+ ]/.exec(shown)?.[0] ?? ''
    return sign + shown.slice(sign.length).padStart(columns - sign.length, '0')
  }

  function body(kind: string, value: string, digits: number | undefined, flags: string): string {
    if (kind === 's') return value.slice(0, digits)
    if (kind === 'b') return unescapeEcho(value).text.slice(0, digits)
    if (kind === 'c') return value.slice(0, 1)
    const number = toInteger(value)
    const unsigned = BigInt.asUintN(64, number)
    const magnitude = number < 0n ? -number : number
    const sign = number < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
    switch (kind) {
      case 'o':
        return unsigned.toString(8).padStart(digits ?? 0, '0')
      case 'x':
        return (flags.includes('#') ? '0x' : '') + unsigned.toString(16).padStart(digits ?? 0, '0')
      case 'X':
        return (
          (flags.includes('#') ? '0X' : '') +
          unsigned
            .toString(16)
            .toUpperCase()
            .padStart(digits ?? 0, '0')
        )
      case 'u':
        return unsigned.toString().padStart(digits ?? 0, '0')
      default:
        return sign + magnitude.toString().padStart(digits ?? 0, '0')
    }
  }

  function toInteger(value: string): bigint {
    if (value === '') return 0n
    if (/^['"]/.test(value)) return BigInt(value.charCodeAt(1) || 0)
    const match = /^\s*([-+]?)(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(value)
    if (match?.[2] === undefined || match[0].length !== value.length)
      problem ??= `${value}: expected numeric value`
    if (match?.[2] === undefined) return 0n
    const octal = /^0[0-7]+$/.test(match[2])
    const magnitude = BigInt(octal ? `0o${match[2].slice(1)}` : match[2])
    return match[1] === '-' ? -magnitude : magnitude
  }
}
