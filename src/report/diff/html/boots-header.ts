import { markup, type Content, type Markup } from '../../html/markup.ts'
import { toneOf } from '../../html/parts/header.ts'
import type { BootDiff } from '../compare-boots.ts'
import type { BootFacts } from '../describe-boot.ts'
import { countLine } from '../diff-text.ts'

/** What the two boots are, and where they part. */
export function bootsHeader(diff: BootDiff, a: BootFacts, b: BootFacts): Markup {
  return markup`<header>
    <h1>Two boots side by side</h1>
    <div class="wide">
      <table class="facts">
        <thead>
          <tr>
            <td></td>
            <th scope="col"><span class="side a">A</span> ${a.source}</th>
            <th scope="col"><span class="side b">B</span> ${b.source}</th>
          </tr>
        </thead>
        <tbody>
          ${row('Verdict', verdict(a), verdict(b))}${row('Board', a.board, b.board)}${row('Boot', a.which, b.which)}
          ${row('Began', a.startedAt, b.startedAt)}${row('Kernel', a.kernel, b.kernel, true)}
          ${row('Command line', a.commandLine, b.commandLine, true)}
        </tbody>
      </table>
    </div>
    <p>${countLine(diff.rows)}</p>
    <p class="jumps">${jumps(diff)}</p>
  </header>`
}

function row(name: string, a: Content, b: Content, isCode = false): Markup | undefined {
  if ((a === undefined || a === '') && (b === undefined || b === '')) return undefined
  const cell = (value: Content) => (isCode && value !== undefined ? markup`<code>${value}</code>` : value)
  return markup`<tr>
    <th scope="row">${name}</th>
    <td>${cell(a)}</td>
    <td>${cell(b)}</td>
  </tr>`
}

function verdict({ verdict: name }: BootFacts): Markup | undefined {
  return name === undefined
    ? undefined
    : markup`<strong class="${toneOf(name.replaceAll(' ', '-'))}">${name}</strong>`
}

function jumps({ first, firstOfKernel, ending }: BootDiff): Content {
  if (first === undefined) return 'Both say the same.'
  return [
    link(first, 'First difference'),
    firstOfKernel === undefined ? undefined : link(firstOfKernel, 'First difference of the kernel'),
    ending === undefined
      ? undefined
      : link(ending.row, `End of ${ending.ends.toUpperCase()}, ${ending.missing} lines before the other`),
  ]
}

function link(row: number, text: string): Markup {
  return markup`<a href="#row-${row}">${text}</a> `
}
