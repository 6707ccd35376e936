import { verdicts } from '../../../core/verdicts.ts'
import { formatElapsed } from '../../format.ts'
import { markup, type Content, type Markup } from '../markup.ts'
import type { Span } from '../page-data.ts'
import { toneOf } from './header.ts'

/** What a node of the tree is made from. */
export interface TreeNode {
  readonly kind: 'board' | 'spec' | 'suite' | 'test' | 'attempt' | 'state' | 'step' | 'command' | 'finding'
  readonly title: string
  readonly outcome?: string | undefined
  /** How it looks, where no outcome tells. */
  readonly tone?: string | undefined
  /** In milliseconds. */
  readonly duration?: number | undefined
  readonly note?: string | undefined
  readonly board?: string | undefined
  readonly span?: Span | undefined
  /** Where it begins on the console, in received bytes, where that is known exactly. */
  readonly byte?: number | undefined
  readonly isOpen?: boolean
  readonly body?: Content
  readonly children?: readonly Markup[]
}

/** A node of the tree, as the pattern of ARIA has it. */
export function node({
  kind,
  title,
  outcome,
  tone = outcome === undefined ? undefined : toneOf(outcome),
  duration,
  note,
  board,
  span,
  byte,
  isOpen = false,
  body,
  children = [],
}: TreeNode): Markup {
  const expanded =
    children.length > 0 || body !== undefined ? markup` aria-expanded="${String(isOpen)}"` : undefined
  const place =
    span === undefined
      ? undefined
      : markup` data-from="${span.from.toFixed(3)}" data-to="${span.to.toFixed(3)}"`
  const offset = byte === undefined ? undefined : markup` data-byte="${byte}"`
  const owner = board === undefined ? undefined : markup` data-board="${board}"`
  const label = [
    title,
    outcomeName(outcome),
    duration === undefined ? undefined : formatElapsed(duration),
    note,
  ]
  return markup`<li
    role="treeitem"
    class="${kind}"
    tabindex="-1"
    ${expanded}${place}${offset}${owner}
    aria-label="${label.filter((text) => text !== undefined && text !== '').join(', ')}"
  >
    <div class="line ${tone}">
      <span class="fold" aria-hidden="true"></span
      >${tone === undefined ? undefined : markup`<span class="sign" aria-hidden="true">${signs[tone ?? 'neutral']}</span>`}<span
        class="title"
        >${title}</span
      >${note === undefined || note === '' ? undefined : markup`<span class="note ${note.length > longNote ? 'long' : ''}">${note}</span>`}${duration === undefined ? undefined : markup`<span class="time">${formatElapsed(duration)}</span>`}
    </div>
    ${body}${
      children.length === 0
        ? undefined
        : markup`<ul role="group">
            ${children}
          </ul>`
    }
  </li>`
}

/** In characters: what does not fit beside a title. */
const longNote = 16

const signs: Readonly<Record<string, string>> = {
  good: '✓',
  bad: '✗',
  amiss: '✗',
  doubtful: '~',
  neutral: '–',
}

function outcomeName(outcome: string | undefined): string | undefined {
  if (outcome === undefined) return undefined
  return outcome in verdicts ? outcome.replaceAll('-', ' ') : outcome
}
