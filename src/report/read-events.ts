import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { HilError } from '../core/errors.ts'
import { eventsVersion, type RunEvent } from '../core/events.ts'
import { reasonOf } from '../core/reason-of.ts'

/**
 * Reads `events.jsonl`. A last line without its end (the run was killed while it wrote) is left out.
 * @throws HilError `report.events` (environment) for a file that is missing, no such file, or newer than this hil
 */
export async function* readEvents(file: string): AsyncGenerator<RunEvent> {
  let number = 0
  let isFirst = true
  let broken: number | undefined
  for await (const line of lines(file)) {
    number++
    if (broken !== undefined) throw unreadable(file, `line ${broken} is no event`)
    const event = parseEvent(line)
    if (event === undefined) {
      broken = number
      continue
    }
    if (isFirst) checkVersion(event, file)
    isFirst = false
    yield event
  }
  if (isFirst) throw unreadable(file, 'there is no event in it')
}

function lines(file: string): AsyncIterable<string> {
  const input = createReadStream(file)
  const reader = createInterface({ input, crlfDelay: Infinity })
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* reader
      } catch (error) {
        throw unreadable(file, reasonOf(error), error)
      }
    },
  }
}

/** One line of `events.jsonl`; undefined where it is none. */
export function parseEvent(line: string): RunEvent | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && 't' in value && 'type' in value
      ? (value as RunEvent)
      : undefined
  } catch {
    return undefined
  }
}

function checkVersion(event: RunEvent, file: string): void {
  if (event.type !== 'run-started') throw unreadable(file, 'it does not begin with the start of a run')
  if (event.eventsVersion > eventsVersion) {
    throw unreadable(
      file,
      `it was written by a newer hil (format ${event.eventsVersion}; this one reads up to ${eventsVersion})`,
    )
  }
}

function unreadable(file: string, why: string, cause?: unknown): HilError {
  return new HilError('report.events', `${file} can't be read as events of a run: ${why}`, {
    blame: 'environment',
    details: { file },
    cause,
  })
}
