import { join } from 'node:path'
import { derivedFiles } from './file-reporters.ts'
import { ReporterMultiplexer, type ReporterFailure } from './multiplexer.ts'
import { readEvents } from './read-events.ts'

/** Makes a run's files anew from its `events.jsonl`. @throws HilError `report.events` */
export async function makeReport(directory: string): Promise<readonly ReporterFailure[]> {
  const reporters = new ReporterMultiplexer(derivedFiles(directory))
  for await (const event of readEvents(join(directory, 'events.jsonl'))) reporters.event(event)
  return await reporters.end()
}
