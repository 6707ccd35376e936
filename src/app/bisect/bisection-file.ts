import { join } from 'node:path'
import type { BisectionRecord } from '../../core/bisection-record.ts'
import { parseBisection } from '../../core/bisection-schema.ts'
import { readJson } from '../durable-json.ts'

/** What a bisection keeps in its directory. */
export const bisectionFile = 'bisect.json'

/** Written once: the commits of the range and their parents, which may be many. */
export const rangeFile = 'range.json'

/** @throws HilError `bisect.state`, `state.read` (environment) */
export async function readBisection(directory: string): Promise<BisectionRecord> {
  const path = join(directory, bisectionFile)
  return parseBisection(await readJson(path), path)
}
