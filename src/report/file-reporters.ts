import { join } from 'node:path'
import { consoleFiles } from './files/console-files.ts'
import { eventsFile } from './files/events-file.ts'
import { environmentFile, junitFile, summaryFile } from './files/final-files.ts'
import { htmlFile } from './html/html-file.ts'
import type { Reporter } from './reporter.ts'

/** What every run leaves in its directory. */
export function fileReporters(directory: string): readonly Reporter[] {
  return [eventsFile(join(directory, 'events.jsonl')), ...derivedFiles(directory)]
}

/** All that can be made again from `events.jsonl`. */
export function derivedFiles(directory: string): readonly Reporter[] {
  return [
    consoleFiles(directory),
    environmentFile(join(directory, 'environment.yaml')),
    junitFile(join(directory, 'junit.xml')),
    summaryFile(join(directory, 'summary.json')),
    htmlFile(join(directory, 'report.html')),
  ]
}
