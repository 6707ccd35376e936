import { wrapWords, type WrapOptions } from '../../../core/wrap-words.ts'
import { plainText } from '../../rendered-text.ts'
import { plural } from '../amounts.ts'

/** Kernel developers' mails are as wide as that. */
const mailWidth = 75

const replacements: Readonly<Record<string, string>> = {
  '›': '>',
  '→': '->',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '…': '...',
  '×': 'x',
  µ: 'u',
}

/** Text from tests and boards as 7-bit ASCII on one line: a mail with it arrives as it was sent. */
export function asciiLine(text: string): string {
  return asciiText(quotedLine(text))
}

/** The same for a line whose blanks mean something. */
export function asciiText(line: string): string {
  return plainText(line).replaceAll(
    /[^\x20-\x7e]/gu,
    (letter) => replacements[letter] ?? foldedLetter(letter),
  )
}

function foldedLetter(letter: string): string {
  const folded = letter.normalize('NFKD').replaceAll(/[^\x20-\x7e]/gu, '')
  return folded === '' ? '?' : folded
}

/** What git has: names and subjects keep their letters, or they could not be found by them. One line, no controls. */
export function quotedLine(text: string): string {
  return plainText(text.replaceAll(/\s+/g, ' ')).trim()
}

/** Breaks text between words, as mails are broken. */
export function wrapped(
  text: string,
  options: Omit<WrapOptions, 'width'> & Partial<Pick<WrapOptions, 'width'>> = {},
): readonly string[] {
  return wrapWords(text, { width: mailWidth, ...options })
}

const valueColumn = 14

/** `  Tree:       linux`, with what does not fit below the value. */
export function mailField(name: string, value: string): readonly string[] {
  return wrapped(value, { first: `  ${name}:`.padEnd(valueColumn), rest: ' '.repeat(valueColumn) })
}

const leastFrame = 65

/** Paragraphs in a frame of stars, which is as wide as the widest line that must not be broken. */
export function framed(paragraphs: readonly string[], unbroken: readonly string[] = []): readonly string[] {
  // Stars have blanks between them: the width is odd.
  const width = Math.max(leastFrame, ...unbroken.map(({ length }) => length + 4)) | 1
  const lines = paragraphs.flatMap((text, index) => [
    ...(index === 0 ? [] : ['']),
    ...wrapped(text, { width: width - 4 }),
  ])
  const edge = '* '.repeat((width + 1) / 2).trimEnd()
  return [edge, ...[...lines, ...unbroken].map((line) => `* ${line.padEnd(width - 4)} *`), edge]
}

const mostQuotedLines = 400

/** What git printed, line by line as it is, between two rules; nothing where there is nothing. */
export function quotedBlock(title: string, text: string | undefined): readonly string[] {
  if (text === undefined || text.trim() === '') return []
  const rule = '-'.repeat(mailWidth)
  const lines = text.trimEnd().split('\n')
  const left = lines.length - mostQuotedLines
  return [
    title,
    '',
    rule,
    ...lines.slice(0, mostQuotedLines).map(withoutControls),
    ...(left > 0 ? [`[ ${plural(left, 'line')} more ]`] : []),
    rule,
  ]
}

/** Tabs are a part of patches. */
function withoutControls(line: string): string {
  return line.replaceAll(
    /[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    '',
  )
}
