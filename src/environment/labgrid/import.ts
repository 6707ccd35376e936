import { dirname, relative } from 'node:path'
import { parseDocument, stringify } from 'yaml'
import type { Problem } from '../problems/problems.ts'
import { ProblemList } from '../problems/problems.ts'
import { driverKeys } from '../schema/board-schema.ts'
import type { Variables } from '../source/interpolate.ts'
import { parseSource } from '../source/parse-source.ts'
import { toValue, type MapNode } from '../source/node.ts'
import { isLabgridEnvironment } from './recognise.ts'
import { translateLabgrid } from './translate.ts'

export interface Imported {
  /** The environment in our words. */
  readonly yaml: string
  /** What of it is not taken over. */
  readonly remarks: readonly Problem[]
}

interface ImportOptions {
  /** The absolute path of the file, and what is in it. */
  readonly file: string
  readonly text: string
  /** Where the result is going to stand: relative paths in it are relative to that. */
  readonly directory: string
  readonly variables: Variables
}

/**
 * An environment of labgrid, which was found to be right, as one of ours: with its variables, and with what is not
 * taken over as comments.
 * @returns `undefined` for a file that is none of labgrid's
 */
export function importLabgrid({ file, text, directory, variables }: ImportOptions): Imported | undefined {
  const problems = new ProblemList()
  const root = parseSource({ file, text }, problems)
  if (root?.kind !== 'map' || !isLabgridEnvironment(root)) return undefined
  const prefix = relative(directory, dirname(file))
  const translated = translateLabgrid(root, { variables, problems, seen: new Set() }, prefix)
  if (translated === undefined) return undefined
  const remarks = problems.remarks()
  return { yaml: write(translated, relative(directory, file), remarks), remarks }
}

function write(translated: MapNode, from: string, remarks: readonly Problem[]): string {
  const { boards } = toValue(translated) as { boards: Record<string, Record<string, unknown>> }
  const shortened = Object.entries(boards).map(([name, board]) => [name, shorten(board)] as const)
  const document = parseDocument(stringify({ boards: Object.fromEntries(shortened) }, { lineWidth: 0 }))
  document.commentBefore = [
    ` Made of ${from}, an environment of labgrid.`,
    ...remarks.map(({ line, column, message }) => ` ${from}:${line}:${column}: ${message}`),
  ].join('\n')
  for (const [name, { architecture }] of shortened) {
    const written = document.getIn(['boards', name, 'architecture'], true) as { comment?: string }
    if (architecture === 'unknown')
      written.comment = ' labgrid does not say: arm64, arm, riscv64, x86_64, ...'
  }
  return document.toString({ lineWidth: 0 })
}

/** A driver without options is named in one word. */
function shorten(board: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(board).map(([key, value]) => {
    const keys = driverKeys.includes(key) && value !== null ? Object.keys(value as object) : []
    return [key, keys.length === 1 && keys[0] === 'driver' ? (value as { driver: unknown }).driver : value]
  })
  return Object.fromEntries(entries) as Record<string, unknown>
}
