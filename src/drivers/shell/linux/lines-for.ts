import { HilError } from '../../../core/errors.ts'

/**
 * The lines to type for a command, of which the last one runs it. A terminal takes printable ASCII on
 * lines of limited length: everything else, several lines or a long command, is put together in a
 * shell variable first, escaped as printf's `%b` reads it.
 * @param maximum longest line in characters
 */
export function linesFor(command: string, maximum: number): readonly string[] {
  if (command.includes('\0')) {
    throw new HilError('command.unprintable', 'a command for a shell cannot hold a NUL character', {
      blame: 'test',
    })
  }
  if (command.length <= maximum && /^[ -~]*$/.test(command)) return [command]
  const pieces = cut(escapeBytes(command), maximum - `h_="$h_"''`.length)
  return [
    ...pieces.map((piece, index) => (index === 0 ? `h_='${piece}'` : `h_="$h_"'${piece}'`)),
    'eval "unset h_;$(printf %b "$h_")"',
  ]
}

/** Every byte but plain ones as `\0ooo`, so that single quotes hold it and no terminal takes it for a key. */
function escapeBytes(command: string): readonly string[] {
  return [...Buffer.from(command)].map((byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\0${byte.toString(8).padStart(3, '0')}`,
  )
}

function cut(tokens: readonly string[], maximum: number): readonly string[] {
  const pieces: string[] = []
  let piece = ''
  for (const token of tokens) {
    if (piece.length + token.length > maximum) {
      pieces.push(piece)
      piece = ''
    }
    piece += token
  }
  return [...pieces, piece]
}
