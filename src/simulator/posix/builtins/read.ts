import { Signalled } from '../signals.ts'
import type { Shell } from '../shell.ts'
import type { Builtin } from './builtin.ts'

/** `read [-r] [-p PROMPT] [-t SECONDS] NAME...` */
export const read: Builtin = async (shell, argv) => {
  const words = argv.slice(1)
  let raw = false
  for (let word = words[0]; word?.startsWith('-') === true && word.length > 1; word = words[0]) {
    words.shift()
    if (word === '--') break
    if (word === '-r') raw = true
    else if (word === '-p' || word === '-rp') {
      raw ||= word === '-rp'
      await shell.streams.get(2)?.write?.(words.shift() ?? '', shell.signals)
    } else {
      shell.system.unsupported(`linux: read ${word}`)
      await shell.complain(`read: Illegal option ${word}`)
      return 2
    }
  }
  const line = await readLogicalLine(shell, raw)
  if (typeof line === 'number') return line
  assign(shell, words.length === 0 ? ['REPLY'] : words, line.text, raw)
  return line.complete ? 0 : 1
}

/** A line, or the status when a signal came in between. A backslash continues it unless `raw`. */
async function readLogicalLine(
  shell: Shell,
  raw: boolean,
): Promise<{ text: string; complete: boolean } | number> {
  let text = ''
  for (;;) {
    let piece: string
    try {
      piece = (await shell.streams.get(0)?.readLine?.(shell.signals)) ?? ''
    } catch (error) {
      if (!(error instanceof Signalled) || !shell.survives(error)) throw error
      return shell.flavour === 'bash' ? error.status : 1
    }
    if (piece !== '' && shell.streams.get(0)?.terminal === true) await shell.system.lineTaken()
    text += piece.replaceAll('\0', '')
    if (!text.endsWith('\n')) return { text, complete: false }
    text = text.slice(0, -1)
    if (raw || !/(?:^|[^\\])(?:\\\\)*\\$/.test(text)) return { text, complete: true }
    text = text.slice(0, -1)
  }
}

/** The last name gets the rest of the line. */
function assign(shell: Shell, names: readonly string[], line: string, raw: boolean): void {
  const separators = shell.variables.get('IFS') ?? ' \t\n'
  const fields = split(line, separators, names.length, raw)
  for (const [index, name] of names.entries()) shell.set(name, fields[index] ?? '')
}

function split(line: string, separators: string, count: number, raw: boolean): string[] {
  const blanks = [...separators].filter((char) => ' \t\n'.includes(char)).join('')
  const fields: string[] = []
  let at = skip(line, 0, blanks)
  while (fields.length < count - 1 && at < line.length) {
    let field = ''
    for (; at < line.length && !separators.includes(line[at] ?? ''); at += 1) {
      if (!raw && line[at] === '\\') at += 1
      field += line[at] ?? ''
    }
    fields.push(field)
    at = skip(line, at, blanks)
    if (at < line.length && separators.includes(line[at] ?? '') && !blanks.includes(line[at] ?? '')) {
      at = skip(line, at + 1, blanks)
    }
  }
  if (at < line.length || fields.length < count)
    fields.push(lastField(line.slice(at), separators, blanks, raw))
  return fields
}

function lastField(text: string, separators: string, blanks: string, raw: boolean): string {
  let end = text.length
  while (end > 0 && blanks.includes(text[end - 1] ?? '')) end -= 1
  let rest = text.slice(0, end)
  // One separator at the very end belongs to the last field's end.
  const body = rest.slice(0, -1)
  if (
    rest !== '' &&
    separators.includes(rest.at(-1) ?? '') &&
    ![...body].some((char) => separators.includes(char))
  ) {
    rest = body
  }
  return raw ? rest : rest.replace(/\\([^])/g, '$1')
}

function skip(line: string, from: number, blanks: string): number {
  let at = from
  while (at < line.length && blanks.includes(line[at] ?? '')) at += 1
  return at
}
