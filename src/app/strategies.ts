import { resolve } from 'node:path'
import type { BoardSpec } from '../environment/environment.ts'
import { describeStrategy, toMermaid } from '../strategy/describe-strategy.ts'
import { loadStrategy } from '../strategy/load-strategy.ts'
import { openEnvironment } from './environment/environments.ts'

/**
 * `hil strategy show`: of a strategy by name or file, or of each strategy that an environment uses.
 * @returns the exit code
 */
export async function showStrategy(
  name: string,
  { asMermaid, cwd = process.cwd() }: { readonly asMermaid: boolean; readonly cwd?: string },
): Promise<number> {
  const format = asMermaid ? toMermaid : describeStrategy
  for (const choice of await choices(name, cwd)) process.stdout.write(format(await loadStrategy(choice)))
  return 0
}

async function choices(name: string, cwd: string): Promise<readonly BoardSpec['strategy'][]> {
  if (/\.[cm]?[jt]s$/.test(name)) return [{ file: resolve(cwd, name) }]
  if (!/\.ya?ml$/.test(name)) return [{ name }]
  const { boards } = await openEnvironment(name, cwd)
  const distinct = new Map(boards.map(({ strategy }) => [JSON.stringify(strategy), strategy]))
  return [...distinct.values()]
}
