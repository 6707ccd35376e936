import { isDeepStrictEqual } from 'node:util'
import { join } from 'node:path'
import type { BisectionRecord } from '../../core/bisection-record.ts'
import { readBisection } from './bisection-file.ts'
import { bisectionsIn } from './stored-bisection.ts'
import { measuredIn, type Durations } from './times.ts'

/** So many earlier ones are looked at. */
const mostRead = 10

/**
 * How long things took in earlier bisections, the latest that tells it: runs of the same specs in the same environment,
 * builds of the same source. One that can't be read says nothing.
 *
 * @param root where reports are, absolute
 */
export async function earlierTimes(root: string, record: BisectionRecord): Promise<Durations> {
  let found: Durations = {}
  for (const name of bisectionsIn(root).slice(0, mostRead)) {
    const earlier = await readBisection(join(root, name)).catch(() => undefined)
    if (earlier === undefined || earlier.id === record.id) continue
    const { run, build } = measuredIn(earlier)
    found = {
      ...(run !== undefined && runsTheSame(earlier, record) && { run }),
      ...(build !== undefined && buildsTheSame(earlier, record) && { build }),
      ...found,
    }
    if (found.run !== undefined && found.build !== undefined) break
  }
  return found
}

function runsTheSame(one: BisectionRecord, other: BisectionRecord): boolean {
  return one.environmentFile === other.environmentFile && isDeepStrictEqual(one.specs, other.specs)
}

function buildsTheSame({ source: one }: BisectionRecord, { source: other }: BisectionRecord): boolean {
  if (one.kind === 'payloads' || other.kind === 'payloads') return false
  return one.repository === other.repository && one.command === other.command
}
