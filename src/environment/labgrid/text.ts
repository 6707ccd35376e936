import { join } from 'node:path'
import { describe, type ScalarNode } from '../source/node.ts'
import { escapeReferences } from '../source/references.ts'
import type { Place } from '../source/source.ts'
import type { LabgridContext } from './context.ts'

/** A text of the file. */
export interface Text {
  readonly place: Place
  /** With the values of its variables. */
  readonly value: string
  /** As our environments write it: `${LG_PLACE}`, and `$$` for a dollar. */
  readonly written: string
}

/** A piece of a text: as it stands there, or a variable. */
type Piece = string | { readonly name: string; readonly value: string }

/** @returns `undefined` where a variable is missing, or it is no template, which was reported */
export function readText(node: ScalarNode, context: LabgridContext): Text | undefined {
  const pieces = readPieces(node, context)
  return pieces && { place: node.place, value: pieces.map(valueOf).join(''), written: writtenOf(pieces) }
}

/**
 * A path, which labgrid takes relative to its file, with `~` and the variables of the process in it filled in.
 * @returns `undefined` where that can't be, which was reported
 */
export function readPath(node: ScalarNode, context: LabgridContext): Text | undefined {
  const pieces = readPieces(node, context)?.flatMap((piece) =>
    typeof piece === 'string' ? expandVariables(piece, context) : [piece],
  )
  if (pieces === undefined) return undefined
  const [first, second = '', ...rest] = pieces
  const isInBase =
    typeof first === 'object' && first.name === base && typeof second === 'string' && second.startsWith('/')
  const relative = isInBase ? [second.replace(/^\/+/, ''), ...rest] : pieces
  const value = relative.map(valueOf).join('')
  const isAnchored = value.startsWith('/') || value === '~' || value.startsWith('~/')
  const written = writtenOf(relative)
  // Of ours a path that begins with a variable belongs to whoever set it.
  const own = written.startsWith('$') ? `./${written}` : written
  return { place: node.place, value, written: isAnchored ? written : besides(context.prefix, own) }
}

/** The same where no path is expected of ours, which then is relative to where a person stands. */
export function absolute({ value, written }: Text, { directory, variables }: LabgridContext): string {
  if (value.startsWith('/')) return written
  const inHome = value.startsWith('~/') ? variables['HOME'] : undefined
  return escapeReferences(inHome === undefined ? join(directory, value) : join(inHome, value.slice(2)))
}

function besides(prefix: string, path: string): string {
  return prefix === '' ? path : join(prefix, path)
}

const base = 'BASE'

function valueOf(piece: Piece): string {
  return typeof piece === 'string' ? piece : piece.value
}

function writtenOf(pieces: readonly Piece[]): string {
  let written = ''
  let literal = ''
  for (const piece of pieces) {
    if (typeof piece === 'string' || piece.name === base) literal += valueOf(piece)
    else {
      // A dollar right before a reference would make it none.
      written += `${escapeReferences(literal).replace(/(?<!\$)\$$/, '$$$$')}\${${piece.name}}`
      literal = ''
    }
  }
  return written + escapeReferences(literal)
}

function readPieces(node: ScalarNode, context: LabgridContext): readonly Piece[] | undefined {
  if (typeof node.value !== 'string') return [node.written ?? String(node.value)]
  return node.isTemplate === true ? readTemplate(node, node.value, context) : [node.value]
}

/** Python's string.Template: `$name`, `${name}`, `$$`, and nothing else with a dollar. */
const reference =
  /\$(?:(?<dollar>\$)|(?<bare>[A-Za-z_][A-Za-z0-9_]*)|\{(?<braced>[A-Za-z_][A-Za-z0-9_]*)\}|)/g

function readTemplate(node: ScalarNode, text: string, context: LabgridContext): readonly Piece[] | undefined {
  const pieces: Piece[] = []
  let from = 0
  for (const match of text.matchAll(reference)) {
    pieces.push(text.slice(from, match.index))
    from = match.index + match[0].length
    const { dollar, bare, braced } = match.groups ?? {}
    const name = bare ?? braced
    const piece = name === undefined ? dollar : variable(name, node, context)
    if (name === undefined && dollar === undefined) {
      context.problems.add(
        node.place,
        `${describe(node)} is no template: "$" is followed by the name of a variable, or by another "$"`,
      )
    }
    if (piece === undefined) return undefined
    pieces.push(piece)
  }
  return [...pieces, text.slice(from)].filter((piece) => piece !== '')
}

function variable(
  name: string,
  node: ScalarNode,
  { problems, ...context }: LabgridContext,
): Piece | undefined {
  if (name === base) return { name, value: context.directory }
  if (!name.startsWith('LG_')) {
    problems.add(
      node.place,
      `there is no variable "${name}" in templates of labgrid: it takes BASE, and variables of the process whose names begin with LG_`,
    )
    return undefined
  }
  context.seen.add(name)
  const value = context.variables[name]
  if (value !== undefined) return { name, value }
  problems.add(node.place, `the variable "${name}" is not set, and this template needs it`)
  return undefined
}

/** Python's os.path.expandvars leaves alone what is not set. */
function expandVariables(text: string, { variables, seen }: LabgridContext): readonly Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const match of text.matchAll(/\$(?:(\w+)|\{(\w+)\})/g)) {
    const name = match[1] ?? match[2] ?? ''
    const value = variables[name]
    if (value === undefined) continue
    seen.add(name)
    pieces.push(text.slice(from, match.index), { name, value })
    from = match.index + match[0].length
  }
  return [...pieces, text.slice(from)].filter((piece) => piece !== '')
}
