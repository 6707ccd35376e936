import { isCollection, isScalar, parseDocument, visit, type Document, type YAMLError } from 'yaml'
import type { ProblemList } from '../problems/problems.ts'
import { locate, type Source } from './source.ts'

/**
 * Reports what is no YAML, and returns the text with these lines blanked, so that everything else in
 * the file can be checked in the same go. Offsets stay as they are.
 */
export function readableText(source: Source, problems: ProblemList): string {
  let text = source.text
  const blanked = new Set<number>()
  for (;;) {
    const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'error' })
    const [error] = document.errors
    if (error === undefined) return text
    const { offset, message } = findFault(error, document, text)
    const place = { source, offset }
    problems.addUnreadable(place, message)
    const { line } = locate(place)
    if (blanked.has(line) || blanked.size > mostBlanked) return ''
    const misplaced = error.code === 'TAB_AS_INDENT' || error.code === 'BAD_INDENT'
    text = withoutBlock(text, line, { misplaced, blanked })
  }
}

/** A file with more lines that can't be read is no YAML at all. */
const mostBlanked = 200

interface Fault {
  readonly offset: number
  readonly message: string
}

/** Where the mistake was made, which for an open bracket or quote is not where the parser gave up. */
function findFault(error: YAMLError, document: Document, text: string): Fault {
  const opened = findUnclosed(document, text)
  if (opened === undefined) return { offset: error.pos[0], message: sentenceOf(error, text) }
  return { offset: opened, message: `this ${text[opened] ?? ''} is never closed` }
}

const closing: Readonly<Record<string, string>> = { '[': ']', '{': '}', '"': '"', "'": "'" }

function findUnclosed(document: Document, text: string): number | undefined {
  let found: number | undefined
  visit(document, {
    Node: (_key, node) => {
      if ((!isCollection(node) && !isScalar(node)) || !node.range) return undefined
      const [start, end] = node.range
      const closer = closing[text[start] ?? '']
      if (closer === undefined || (text[end - 1] === closer && end - start > 1)) return undefined
      found = start
      return visit.BREAK
    },
  })
  return found
}

interface Block {
  /** The indentation of the line is the mistake: that of the line above says what is nested. */
  readonly misplaced: boolean
  readonly blanked: Set<number>
}

/** Blanks a line and what is nested in it. */
function withoutBlock(text: string, line: number, { misplaced, blanked }: Block): string {
  const lines = text.split('\n')
  const above = lines.slice(0, line - 1).findLast((content) => content.trim() !== '')
  const indentation = indentationOf((misplaced ? above : lines[line - 1]) ?? '')
  for (let index = line - 1; index < lines.length; index++) {
    const content = lines[index] ?? ''
    if (index >= line && content.trim() !== '' && indentationOf(content) <= indentation) break
    blanked.add(index + 1)
    lines[index] = content.replaceAll(/[^\r]/g, ' ')
  }
  return lines.join('\n')
}

function indentationOf(line: string): number {
  return line.length - line.trimStart().length
}

function sentenceOf({ code, message, pos: [offset] }: YAMLError, text: string): string {
  if (text.startsWith('${', offset - 1))
    return 'inside { } and [ ] a variable must stand in quotes: "${NAME}"'
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'a tab indents this line; YAML takes spaces only'
    case 'BAD_INDENT':
      return 'this line is indented neither like the keys above it nor deeper'
    case 'BLOCK_AS_IMPLICIT_KEY':
      return /^.*:\s/.test(text.slice(offset))
        ? 'a value that contains ": " must stand in quotes'
        : 'this line has a value already, and the next one is indented as if it belonged to it'
    case 'MULTILINE_IMPLICIT_KEY':
      return 'this line is no "key: value"; is the colon missing, or the space behind it?'
    case 'MULTIPLE_DOCS':
      return 'a second document begins here ("---"); a file holds one environment'
    default:
      return lowerFirst(message)
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
