import { HilError } from '../core/errors.ts'

/** How much of what a program said last is kept to explain its end, in characters. */
const keptText = 4000

/** The end of what a program says. */
export class LastWords {
  #text = ''

  take(chunk: string): void {
    this.#text = (this.#text + chunk).slice(-keptText)
  }

  get text(): string {
    return this.#text.trim()
  }
}

export interface ProgramEnd {
  readonly exitCode: number | undefined
  readonly signal: string | undefined
  readonly stderr: string
}

/** The program that a console is read through has ended, which it should not. */
export function programEnded(description: string, end: ProgramEnd): HilError {
  const how = end.signal === undefined ? `exit code ${end.exitCode}` : end.signal
  const said = end.stderr === '' ? '' : `: ${end.stderr}`
  return new HilError('transport.process-ended', `${description} ended (${how})${said}`, {
    blame: 'infrastructure',
    details: { ...end },
  })
}
