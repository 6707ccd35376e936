import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { startServer } from '../power/server-process.ts'
import { labgridArgv } from './programs.ts'
import { startRestartable, type RestartableServer } from './restartable-server.ts'

export interface ExporterOptions {
  readonly name: string
  /** Groups of resources by name, as an exporter's file has them. */
  readonly resources: Readonly<Record<string, Readonly<Record<string, object>>>>
}

/** labgrid's own exporter, started again whenever it lost its coordinator, as systemd does it. */
export type TestExporter = RestartableServer

export async function startExporter(
  coordinator: string,
  { name, resources }: ExporterOptions,
): Promise<TestExporter> {
  return startRestartable('exporter', async (cwd) => {
    const file = join(cwd, 'resources.yaml')
    await writeFile(file, stringify(resources))
    const options = ['-c', coordinator, '-n', name, '--hostname', '127.0.0.1']
    const argv = ['sh', '-c', untilDone, 'sh', ...labgridArgv('labgrid-exporter', [...options, file])]
    return () => startServer(argv, (line) => line === 'Exporter ready', { cwd })
  })
}

/** It asks for a new start by ending with 100 (`labgrid-exporter.service`). */
const untilDone = 'while "$@"; [ $? -eq 100 ]; do :; done'
