import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { startServer, type ServerProcess } from '../power/server-process.ts'
import { labgridArgv } from './programs.ts'

export interface ExporterOptions {
  readonly name: string
  /** Groups of resources by name, as an exporter's file has them. */
  readonly resources: Readonly<Record<string, Readonly<Record<string, object>>>>
  /** Others have to come through SSH, as with `--isolated`. */
  readonly isIsolated?: boolean
}

/** labgrid's own exporter, of a test's own, started again whenever it lost its coordinator, as systemd does it. */
export interface TestExporter extends AsyncDisposable {
  readonly server: ServerProcess
  /** It ends with all it runs. */
  kill(): Promise<void>
  start(): Promise<void>
}

export async function startExporter(
  coordinator: string,
  { name, resources, isIsolated = false }: ExporterOptions,
): Promise<TestExporter> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-exporter-'))
  const file = join(directory, 'resources.yaml')
  await writeFile(file, stringify(resources))
  const options = ['-c', coordinator, '-n', name, '--hostname', '127.0.0.1', ...(isIsolated ? ['-i'] : [])]
  const argv = ['sh', '-c', untilDone, 'sh', ...labgridArgv('labgrid-exporter', [...options, file])]
  const start = () => startServer(argv, (line) => line === 'Exporter ready', { cwd: directory })
  let server = await start()
  return {
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

/** It asks for a new start by ending with 100 (`labgrid-exporter.service`). */
const untilDone = 'while "$@"; [ $? -eq 100 ]; do :; done'
