import type { StatusFraming } from './prompt-dialect.ts'

export interface MarkerStatus extends StatusFraming {
  /** To be run once: keeps the words of the marker in a shell variable, so that commands stay short. */
  readonly setUp: string
  readonly barePrompt: RegExp
}

/**
 * A mark printed after each command: `CMD;$h_$?` prints `k7:0`, and its echo does not look like it.
 * Two hush shells know this form, barebox's and U-Boot's.
 * @param prompt source of the prompt's regular expression, without an end of input
 */
export function markerStatus(nonce: string, prompt: string): MarkerStatus {
  const mark = `${nonce}:`
  return {
    setUp: `h_='echo ${mark}'`,
    suffix: ';$h_$?',
    end: new RegExp(`${mark}(\\d{1,3})\\n(?:${prompt})`),
    barePrompt: new RegExp(`(?:${prompt})$`),
    outputOf: (text) => text,
  }
}
