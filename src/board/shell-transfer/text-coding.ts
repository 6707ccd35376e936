import { quoteWord } from '../../core/quote-word.ts'

/** A way to have a board write bytes that are sent to it as text. */
export interface TextDecoder {
  /** The program it needs there. */
  readonly program: string
  /** Most bytes that surely fit a command of `length` characters. */
  fits(length: number): number
  /** A command that writes the bytes to its standard output. */
  command(bytes: Uint8Array): string
}

/** The best first: three of four characters count with base64, little more than one of three with printf. */
export const decoders: readonly TextDecoder[] = [
  inBase64('base64', (text) => `printf %s '${text}'|base64 -d`),
  inBase64('openssl', (text) => `printf %s '${text}'|openssl base64 -d -A`),
  inBase64(
    'uudecode',
    (text) => `printf '%s\\n' 'begin-base64 600 -' '${text}' '===='|uudecode -o /dev/stdout`,
  ),
  {
    program: 'printf',
    fits: (length) => Math.floor((length - "printf ''".length) / longestEscape),
    command: (bytes) => `printf '${escaped(bytes)}'`,
  },
]

function inBase64(program: string, command: (text: string) => string): TextDecoder {
  return {
    program,
    fits: (length) => Math.floor((length - command('').length) / 4) * 3,
    command: (bytes) => command(Buffer.from(bytes).toString('base64')),
  }
}

const longestEscape = 4

/** As a format of printf: plain characters as they are, others as `\ooo`. */
function escaped(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) => {
      const isPlain = byte >= 0x20 && byte < 0x7f && !`'\\%`.includes(String.fromCharCode(byte))
      return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`
    })
    .join('')
}

/** A way to have a board print bytes as text. */
export interface TextEncoder {
  readonly program: string
  /** A filter. */
  readonly command: string
  read(text: string): Uint8Array
}

export const encoders: readonly TextEncoder[] = [
  { program: 'base64', command: 'base64', read: fromBase64 },
  { program: 'openssl', command: 'openssl base64', read: fromBase64 },
  { program: 'uuencode', command: 'uuencode -m -', read: (text) => fromBase64(withoutFrame(text)) },
  { program: 'xxd', command: 'xxd -p', read: fromHex },
  { program: 'od', command: 'od -An -v -tx1', read: fromHex },
  { program: 'hexdump', command: `hexdump -v -e ${quoteWord('16/1 "%02x" "\\n"')}`, read: fromHex },
]

function fromBase64(text: string): Uint8Array {
  return Buffer.from(text, 'base64')
}

/** `begin-base64 644 -` and `====` around it. */
function withoutFrame(text: string): string {
  return text.replace(/^begin-base64[^\n]*\n/, '').replace(/\n====\s*$/, '')
}

function fromHex(text: string): Uint8Array {
  return Buffer.from(text.replaceAll(/\s/g, ''), 'hex')
}
