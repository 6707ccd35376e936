import type { PageData } from './page-data.ts'
import type { RunTimeline } from './run-timeline.ts'

export function toPageData(timeline: RunTimeline): PageData {
  return {
    end: timeline.end,
    boards: timeline.boards.map(({ name, console, power, states, tests, stages, marks }) => ({
      name,
      console: console.pieces,
      power,
      states,
      tests: tests.map(({ id: _, ...test }) => test),
      stages,
      marks,
    })),
  }
}
