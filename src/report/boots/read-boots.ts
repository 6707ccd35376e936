import { createReadStream, existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { HilError } from '../../core/errors.ts'
import { findingsSinceVersion, type RunEvent } from '../../core/events.ts'
import { reasonOf } from '../../core/reason-of.ts'
import { KeptLog } from '../../kernel/lines/kept-log.ts'
import { readEvents } from '../read-events.ts'
import { RunRecorder } from '../run-recorder.ts'
import { ConsoleBoots } from './console-boots.ts'
import type { RecordedRun } from './recorded-boot.ts'

/**
 * Reads the boots of a run from its directory or its `events.jsonl`, or of any console log.
 * @throws HilError `report.events`, `report.unreadable` (environment)
 */
export async function readBoots(source: string): Promise<RecordedRun> {
  const events = eventsOf(source)
  return events === undefined ? readLog(source) : collectBoots(source, readEvents(events))
}

/** @param source for messages */
export async function collectBoots(
  source: string,
  events: AsyncIterable<RunEvent> | Iterable<RunEvent>,
): Promise<RecordedRun> {
  const recorder = new RunRecorder()
  const consoles = new Map<string, ConsoleBoots>()
  const consoleOf = (board: string) => {
    const known = consoles.get(board) ?? new ConsoleBoots(board, { hasTimes: true })
    consoles.set(board, known)
    return known
  }
  for await (const event of events) {
    recorder.add(event)
    if (event.type === 'run-started') event.boards.forEach(consoleOf)
    else if (event.type === 'console-rx') consoleOf(event.board).received(event, event.t)
    else if (event.type === 'power' && event.action === 'on') consoleOf(event.board).powered(event.t)
  }
  const { record } = recorder
  const isTold = (record.started?.eventsVersion ?? 0) >= findingsSinceVersion
  const boots = [...consoles].map(([board, console]) => {
    const told = record.boards.find(({ name }) => name === board)?.findings ?? []
    return [board, console.end(isTold ? told : undefined)] as const
  })
  return { source, record, boots: new Map(boots) }
}

/** The events that belong to a source, also where a file beside them was named. */
function eventsOf(source: string): string | undefined {
  const stat = statSync(source, { throwIfNoEntry: false })
  if (stat === undefined) throw unreadable(source, 'there is nothing of this name')
  if (stat.isDirectory()) return join(source, 'events.jsonl')
  if (source.endsWith('.jsonl')) return source
  const beside = join(dirname(source), 'events.jsonl')
  return existsSync(beside) ? beside : undefined
}

async function readLog(file: string): Promise<RecordedRun> {
  const console = new ConsoleBoots('', { hasTimes: false })
  const kept = new KeptLog()
  const receive = (bytes: Uint8Array) =>
    console.received({ base64: Buffer.from(bytes).toString('base64') }, 0)
  try {
    for await (const chunk of createReadStream(file)) receive(kept.push(chunk as Buffer))
    receive(kept.end())
  } catch (error) {
    throw unreadable(file, reasonOf(error), error)
  }
  return { source: file, record: undefined, boots: new Map([['', console.end(undefined)]]) }
}

function unreadable(source: string, why: string, cause?: unknown): HilError {
  return new HilError('report.unreadable', `"${source}" can't be read as a report or a console log: ${why}`, {
    blame: 'environment',
    details: { source },
    cause,
  })
}
