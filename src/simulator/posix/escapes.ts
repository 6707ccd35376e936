import { utf8 } from '../binary.ts'

const letters: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}

/** Escapes as `echo -e` and `%b` take them; `\c` stops all output. */
export function unescapeEcho(text: string): { text: string; stop: boolean } {
  const stopAt = /(?:^|[^\\])(?:\\\\)*\\c/.exec(text)
  const used = stopAt === null ? text : text.slice(0, stopAt.index + stopAt[0].length - 2)
  const shown = used.replace(
    /\\(?:0([0-7]{0,3})|x([\da-fA-F]{1,2})|([^]))/g,
    (all, octal: string | undefined, hex: string | undefined, letter: string | undefined) =>
      replaced(all, octal, hex, letter),
  )
  return { text: shown, stop: stopAt !== null }
}

/** Escapes in the format of `printf`: octal needs no leading zero. */
export function unescapeFormat(text: string): string {
  return text.replace(
    /\\(?:([0-7]{1,3})|x([\da-fA-F]{1,2})|([^]))/g,
    (all, octal: string | undefined, hex: string | undefined, letter: string | undefined) =>
      replaced(all, octal, hex, letter),
  )
}

function replaced(all: string, octal?: string, hex?: string, letter?: string): string {
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal === '' ? '0' : octal, 8) & 0xff)
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
  if (letter === 'e') return '\x1b'
  return letters[letter ?? ''] ?? utf8(all)
}
