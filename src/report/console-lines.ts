import type { ConsoleLine } from './console-text.ts'
import { formatTime } from './format.ts'

/** The last lines of a console, each with its time, as in `console.log`. */
export function formatConsoleLines(lines: readonly ConsoleLine[]): readonly string[] {
  return lines.map(({ t, text }) => `${formatTime(t)} │ ${text}`.trimEnd())
}
