import type { Verdict } from '../../core/verdicts.ts'
import { skipReason, verdictOfAttempt } from '../failure.ts'
import { formatElapsed } from '../format.ts'
import { finalAttempt, type Part, type SpecRecord, type TestRecord } from '../run-record.ts'
import { outputLines } from './output-lines.ts'
import type { Paint } from './paint.ts'
import { shownLine } from './shown-text.ts'

/** Writes the tests of a spec as a tree, one after the other as they end. */
export class SpecTree {
  readonly #paint: Paint
  readonly #heading: string
  #suites: readonly string[] = []
  #hasHeading = false

  constructor({ boards, file }: SpecRecord, paint: Paint) {
    this.#paint = paint
    this.#heading = `${paint('bold', shownLine(boards.join(' + ')))}  ${shownLine(file)}`
  }

  /** Lines for a test that ended: new suites around it, itself, its steps. @param number of its failure, if it failed */
  addTest(test: TestRecord, number: number | undefined): readonly string[] {
    const { titles } = test.identity
    const suites = titles.slice(0, -1)
    const depth = suites.length + 1
    const steps = finalAttempt(test)?.parts ?? []
    return [
      ...this.#openHeading(),
      ...this.#enterSuites(suites),
      indent(depth, this.#testLine(test, shownLine(titles.at(-1) ?? ''), number)),
      ...steps.flatMap((part) => this.#partLines(part, depth + 2)),
    ]
  }

  /** Lines for what a test printed, before it ends. */
  addOutput(text: string): readonly string[] {
    return [...this.#openHeading(), ...outputLines(text, this.#paint)]
  }

  #openHeading(): readonly string[] {
    if (this.#hasHeading) return []
    this.#hasHeading = true
    return ['', this.#heading]
  }

  #enterSuites(suites: readonly string[]): readonly string[] {
    const same = suites.findIndex((title, index) => title !== this.#suites[index])
    const from = same === -1 ? suites.length : same
    this.#suites = suites
    return suites.slice(from).map((title, index) => indent(from + index + 1, shownLine(title)))
  }

  #testLine(test: TestRecord, title: string, number: number | undefined): string {
    const paint = this.#paint
    const last = finalAttempt(test)
    if (last === undefined) return `${paint('yellow', '?')} ${title}  ${paint('dim', 'not finished')}`
    const duration = paint('dim', formatElapsed(last.ended.durationMs))
    const verdict = verdictOfAttempt(last.ended)
    if (verdict === undefined) {
      const reason = skipReason(last.ended)
      return `${paint('cyan', '-')} ${paint('dim', `${title}  skipped${reason === undefined ? '' : `: ${reason}`}`)}`
    }
    if (verdict === 'passed') return `${paint('green', '✓')} ${title}  ${duration}`
    const attempts = test.attempts.length
    if (verdict === 'flaky') {
      return `${paint('yellow', '~')} ${title}  ${duration}  ${paint('yellow', `flaky: passed on attempt ${attempts}`)}`
    }
    const name = verdict === 'test-failed' ? '' : `  ${paint('red', verdictName(verdict))}`
    const reference = number === undefined ? '' : `${number}) `
    return `${paint('red', `✗ ${reference}${title}`)}  ${duration}${name}`
  }

  #partLines(part: Part, depth: number): readonly string[] {
    const paint = this.#paint
    if (part.kind === 'command') {
      return part.error === undefined
        ? []
        : [indent(depth, paint('red', `$ ${shownLine(part.command)}  failed`))]
    }
    const title = part.kind === 'step' ? shownLine(part.title) : transitionTitle(part)
    const failed = part.error === undefined ? '' : '  failed'
    const duration = part.durationMs === undefined ? 'not finished' : formatElapsed(part.durationMs)
    const line = indent(
      depth,
      paint(part.error === undefined ? 'dim' : 'red', `${title}  ${duration}${failed}`),
    )
    return part.kind === 'step'
      ? [line, ...part.parts.flatMap((inner) => this.#partLines(inner, depth + 1))]
      : [line]
  }
}

/** `board-failed` as people say it. */
export function verdictName(verdict: Verdict): string {
  return verdict.replaceAll('-', ' ')
}

function transitionTitle({ from, to, by, attempt }: Extract<Part, { kind: 'transition' }>): string {
  if (by === 'probe') return `found in ${shownLine(to)}`
  const how = by === 'reset' ? ' (reset)' : ''
  return `${shownLine(from)} → ${shownLine(to)}${how}${attempt > 1 ? ` (attempt ${attempt})` : ''}`
}

function indent(depth: number, text: string): string {
  return `${'  '.repeat(depth)}${text}`
}
