import type { ProbeOutcome } from '../../../core/bisection-record.ts'
import { markup, type Markup } from '../../html/markup.ts'

/** Shapes around their middle: what an outcome is must not hang on its colour. */
const shapes: Readonly<Record<ProbeOutcome, string>> = {
  pass: 'M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z',
  fail: 'M-4.5-4.5h9v9h-9z',
  other: 'M0-5.5L5.5 4.5h-11z',
  untestable: 'M-4-4L4 4M-4 4L4-4',
  infrastructure: 'M-5 0h10',
}

/** One mark, around the point 0, 0. */
export function outcomeShape(outcome: ProbeOutcome): Markup {
  return markup`<path class="mark ${outcome}" d="${shapes[outcome]}"/>`
}

/** The same, to stand in a line of text. */
export function outcomeMark(outcome: ProbeOutcome): Markup {
  return markup`<svg class="inline" viewBox="-7 -7 14 14" width="14" height="14" aria-hidden="true">${outcomeShape(outcome)}</svg>`
}

/** Of several runs of one commit the one that says most: a failure is proof, a pass is not. */
export function strongest(outcomes: readonly ProbeOutcome[]): ProbeOutcome {
  const order: readonly ProbeOutcome[] = ['fail', 'pass', 'other', 'untestable', 'infrastructure']
  return order.find((outcome) => outcomes.includes(outcome)) ?? 'infrastructure'
}
