import { plainText } from '../rendered-text.ts'
import type { Paint } from './paint.ts'

/** What a spec printed, behind a bar: it can neither look like a result nor like a command to a CI runner. */
export function outputLines(text: string, paint: Paint): readonly string[] {
  const lines = plainText(text).replace(/\n$/, '').split('\n')
  return lines.map((line) => `${paint('dim', '    │')} ${line}`)
}
