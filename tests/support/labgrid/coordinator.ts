import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { startServer, type ServerProcess } from '../power/server-process.ts'
import { labgridArgv } from './programs.ts'

/** A place as the coordinator keeps it on disk. */
export interface TestPlace {
  /** Patterns `EXPORTER/GROUP/CLASS[/NAME]`, each with the name it gets at the place. */
  readonly matches: Readonly<Record<string, string | null>>
  readonly tags?: Readonly<Record<string, string>>
  readonly aliases?: readonly string[]
  readonly comment?: string
}

/** labgrid's own coordinator, of a test's own. */
export interface TestCoordinator extends AsyncDisposable {
  /** `127.0.0.1:PORT` */
  readonly address: string
  readonly server: ServerProcess
  /** It ends without a word; what it knew of people is lost, as with the real one. */
  kill(): Promise<void>
  /** At the same port. */
  start(): Promise<void>
}

export async function startCoordinator(
  places: Readonly<Record<string, TestPlace>>,
): Promise<TestCoordinator> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-coordinator-'))
  await writeFile(join(directory, 'places.yaml'), stringify(mapValues(places, onDisk)))
  let address = '127.0.0.1:0'
  const start = async () => {
    const argv = labgridArgv('labgrid-coordinator', ['-l', address])
    const isReady = (line: string) => {
      const [, found] = /^listening on (\S+)$/.exec(line) ?? []
      if (found !== undefined) address = found
      return found !== undefined
    }
    return startServer(argv, isReady, { cwd: directory })
  }
  let server = await start()
  return {
    get address() {
      return address
    },
    get server() {
      return server
    },
    kill: async () => server[Symbol.asyncDispose](),
    start: async () => {
      server = await start()
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
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
