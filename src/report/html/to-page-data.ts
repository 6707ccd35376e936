import { findMarks } from '../hil-marks.ts'
import type { Mark, PageData } from './page-data.ts'
import type { FoundInKernel, RunTimeline } from './run-timeline.ts'

export function toPageData(timeline: RunTimeline): PageData {
  return {
    end: timeline.end,
    boards: timeline.boards.map(({ name, console, power, states, tests, stages, findings }) => ({
      name,
      console: console.pieces,
      power,
      states,
      tests: tests.map(({ id: _, ...test }) => test),
      stages,
      marks: findings.flatMap(toMark),
      own: [...findMarks(console.pieces.map(([, , text]) => text))],
    })),
  }
}

/** What was allowed is no mark: nobody has to look at it. */
function toMark({ t, level, title, from, to }: FoundInKernel): readonly Mark[] {
  return level === 'info' ? [] : [{ t, level, title, from, to }]
}
