import { stat } from 'node:fs/promises'
import { didYouMean } from '../../core/did-you-mean.ts'
import type { BoardContext } from './board-context.ts'
import type { BoardSpec } from '../environment.ts'
import type { ExpandedBoard } from '../source/expand-boards.ts'
import { quote } from '../source/node.ts'
import { absolutePath } from '../paths.ts'

/**
 * A strategy by name, or the file of a user's own.
 * @param fallback the name taken where the board says nothing
 * @returns `undefined` when something is wrong, which was reported (other types than text elsewhere)
 */
export async function readStrategy(
  { node }: ExpandedBoard,
  fallback: string,
  context: BoardContext,
): Promise<BoardSpec['strategy'] | undefined> {
  const { problems, strategies } = context
  const given = node.entries.get('strategy')?.value
  if (given === undefined) return { name: fallback }
  if (given.kind !== 'scalar' || typeof given.value !== 'string' || given.unknown === true) return undefined
  const { value: text, place } = given
  if (/\/|\.[cm]?[jt]s$/.test(text)) {
    const file = absolutePath(text, given, context)
    if (await isFile(file)) return { file }
    problems.add(place, `the strategy file ${quote(text)} does not exist (${file})`)
    return undefined
  }
  if (strategies === undefined || strategies.includes(text)) return { name: text }
  const choice = `there are ${strategies.join(', ')}, or name a file: "./${text}.ts"`
  problems.add(place, `there is no strategy ${quote(text)}; ${choice}${didYouMean(text, strategies)}`)
  return undefined
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}
