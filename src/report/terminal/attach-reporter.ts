import type { Reporter } from '../reporter.ts'
import { LiveView } from './live-view.ts'
import { noteLine } from './note-line.ts'
import { makePaint } from './paint.ts'
import { proofLine } from './proof-line.ts'
import type { Screen } from './screen.ts'

/** For a person on their way to a console: a live line until it is there, and what has to be told. */
export function attachReporter(screen: Screen): Reporter {
  const paint = makePaint(screen.output.isColoured)
  const live = new LiveView(screen, paint)
  return {
    name: 'terminal',
    event(event, record) {
      live.update(record)
      if (event.type === 'note') screen.print(`${noteLine(event, paint)}\n`)
      else if (event.type === 'boot-proof') {
        const line = proofLine(event, paint)
        if (line !== undefined) screen.print(`${line}\n`)
      }
    },
    end() {
      live.stop()
    },
  }
}
