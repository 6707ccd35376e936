import type { BootLine } from '../../boots/recorded-boot.ts'
import { markup, type Content, type Markup } from '../../html/markup.ts'
import type { BootDiff } from '../compare-boots.ts'
import type { DiffRow } from '../compare-lines.ts'
import { moment } from '../diff-text.ts'

/** So many lines that are the same are shown around those that are not. */
const context = 3

/** Fewer lines than this are not worth a click. */
const leastFolded = 5

/** A stretch of same lines that is longer than this is not shown whole, not even when it is unfolded. */
const mostFolded = 2000

/** The page must open in any browser. */
const mostRows = 30_000

/** Both consoles, line beside line; what is the same is folded. */
export function consoles(diff: BootDiff): Markup {
  const shown = diff.rows.slice(0, mostRows)
  const left = diff.rows.length - shown.length + diff.a.leftOut + diff.b.leftOut
  return markup`<section class="consoles">
    <h2>Consoles</h2>
    <p class="quiet legend">
      <span class="mark a">only in A</span> <span class="mark b">only in B</span>
      <span class="mark moved">at another place in the other</span> <mark>other numbers</mark>. Times are the
      kernel's, or else (slanted) count from the start of the boot. Times, rates and addresses are not compared.
    </p>
    <div class="rows" role="table" aria-label="Both consoles">${stretches(shown).map((stretch) => stretchOf(diff, stretch))}</div>
    ${left === 0 ? undefined : markup`<p class="quiet">${left} lines more are left out here; the raw consoles have them.</p>`}
  </section>`
}

interface Stretch {
  readonly isFolded: boolean
  readonly from: number
  readonly rows: readonly DiffRow[]
}

/** Cuts rows where folds begin and end. */
function stretches(rows: readonly DiffRow[]): readonly Stretch[] {
  const isNear = new Uint8Array(rows.length)
  for (const [index, { kind }] of rows.entries()) {
    if (kind !== 'same') isNear.fill(1, Math.max(0, index - context), index + context + 1)
  }
  const found: Stretch[] = []
  for (let from = 0; from < rows.length;) {
    let to = from
    while (to < rows.length && isNear[to] === isNear[from]) to++
    found.push({ isFolded: isNear[from] === 0 && to - from >= leastFolded, from, rows: rows.slice(from, to) })
    from = to
  }
  return found
}

function stretchOf(diff: BootDiff, { isFolded, from, rows }: Stretch): Markup {
  if (!isFolded) return markup`${rows.map((row, index) => rowOf(diff, row, from + index))}`
  const isLong = rows.length > mostFolded
  const half = mostFolded / 2
  const [start, end] = isLong ? [rows.slice(0, half), rows.slice(-half)] : [rows, []]
  const between = rows.length - start.length - end.length
  return markup`<details>
    <summary>${rows.length} ${rows.length === 1 ? 'line' : 'lines'} the same</summary>
    ${start.map((row) => rowOf(diff, row))}
    ${between === 0 ? undefined : markup`<p class="quiet">${between} lines are left out here.</p>`}
    ${end.map((row) => rowOf(diff, row))}
  </details>`
}

/** @param index where a link can point to it */
function rowOf({ a, b, first }: BootDiff, row: DiffRow, index?: number): Markup {
  const lineA = row.a === undefined ? undefined : a.lines[row.a]
  const lineB = row.b === undefined ? undefined : b.lines[row.b]
  const [textA, textB] =
    row.kind === 'varied' && lineA !== undefined && lineB !== undefined
      ? highlight(lineA.text, lineB.text)
      : [lineA?.text, lineB?.text]
  const id = index === undefined || row.kind === 'same' ? undefined : markup` id="row-${index}"`
  const isFirst = index !== undefined && index === first ? ' first' : ''
  return markup`<div class="row ${row.kind}${isFirst}" role="row" ${id}>
${cell('a', lineA, textA)}${cell('b', lineB, textB)}</div>`
}

function cell(side: 'a' | 'b', line: BootLine | undefined, text: Content): Markup {
  if (line === undefined) return markup`<div class="cell none" role="cell"></div>`
  const clock = line.kernelTime === undefined ? 'at host' : 'at'
  return markup`<div class="cell ${side}" role="cell"><span class="${clock}">${moment(line)}</span><code>${text}</code></div>`
}

/** Marks what is between what two lines begin and end with alike; words are not cut. */
function highlight(a: string, b: string): readonly [Content, Content] {
  const [wordsA, wordsB] = [a.split(/(?<=\W)|(?=\W)/), b.split(/(?<=\W)|(?=\W)/)]
  const least = Math.min(wordsA.length, wordsB.length)
  let start = 0
  while (start < least && wordsA[start] === wordsB[start]) start++
  let end = 0
  while (end < least - start && wordsA.at(-1 - end) === wordsB.at(-1 - end)) end++
  const marked = (words: readonly string[]): Content => {
    const [before, middle, after] = [
      words.slice(0, start),
      words.slice(start, words.length - end),
      words.slice(words.length - end),
    ].map((part) => part.join(''))
    return [before, middle === '' ? undefined : markup`<mark>${middle}</mark>`, after]
  }
  return [marked(wordsA), marked(wordsB)]
}
