import { readEvents } from './read-events.ts'
import { RunRecorder } from './run-recorder.ts'
import type { RunRecord } from './run-record.ts'

/** Reads a whole `events.jsonl` at once. @throws HilError `report.events` (environment) */
export async function readRecord(file: string): Promise<RunRecord> {
  const recorder = new RunRecorder()
  for await (const event of readEvents(file)) recorder.add(event)
  return recorder.record
}
