import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { startServer } from '../power/server-process.ts'
import { labgridArgv } from './programs.ts'
import { startRestartable, type RestartableServer } from './restartable-server.ts'

/** A place as the coordinator keeps it on disk. */
export interface TestPlace {
  /** Patterns `EXPORTER/GROUP/CLASS[/NAME]`, each with the name it gets at the place. */
  readonly matches: Readonly<Record<string, string | null>>
  readonly tags?: Readonly<Record<string, string>>
  readonly aliases?: readonly string[]
  readonly comment?: string
}

/**
 * labgrid's own coordinator. When it is killed, what it knew of people is lost, as with the real one; it starts anew at
 * the same port.
 */
export interface TestCoordinator extends RestartableServer {
  /** `127.0.0.1:PORT` */
  readonly address: string
}

export async function startCoordinator(
  places: Readonly<Record<string, TestPlace>>,
): Promise<TestCoordinator> {
  let address = '127.0.0.1:0'
  const isReady = (line: string) => {
    const [, found] = /^listening on (\S+)$/.exec(line) ?? []
    if (found !== undefined) address = found
    return found !== undefined
  }
  const server = await startRestartable('coordinator', async (cwd) => {
    await writeFile(join(cwd, 'places.yaml'), stringify(mapValues(places, onDisk)))
    return () => startServer(labgridArgv('labgrid-coordinator', ['-l', address]), isReady, { cwd })
  })
  return { ...server, address }
}

function onDisk({ matches, tags = {}, aliases = [], comment = '' }: TestPlace): object {
  const patterns = Object.entries(matches).map(([pattern, rename]) => {
    const [exporter, group, cls, name = null] = pattern.split('/')
    return { exporter, group, cls, name, rename }
  })
  const since = Date.now() / 1000
  return { aliases, comment, tags, matches: patterns, created: since, changed: since }
}

function mapValues<T, U>(map: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]))
}
