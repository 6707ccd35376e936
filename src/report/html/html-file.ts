import { writeFileSync } from 'node:fs'
import type { Reporter } from '../reporter.ts'
import { toHtml } from './report-html.ts'
import { RunTimeline } from './run-timeline.ts'

/** `report.markup`, the run for people: written at the end. */
export function htmlFile(path: string): Reporter {
  return htmlReporter(path, (text) => {
    writeFileSync(path, text)
  })
}

/** @param name for messages @param write gets the page, once */
export function htmlReporter(name: string, write: (text: string) => void): Reporter {
  const timeline = new RunTimeline()
  return {
    name,
    event(event) {
      timeline.add(event)
    },
    end(record) {
      write(toHtml(record, timeline))
    },
  }
}
