import type { BootLine } from '../../boots/recorded-boot.ts'
import { markup, type Markup } from '../../html/markup.ts'
import type { BootDiff, FindingPair, StagePair } from '../compare-boots.ts'
import { moment, stageDifference, stageTime } from '../diff-text.ts'

/** What the kernel complained about in one boot only, and in both. */
export function findingsSection({ findings }: BootDiff): Markup {
  return markup`<section>
    <h2>What the kernel complained about</h2>
    ${
      findings.length === 0
        ? markup`<p class="quiet">Nothing, in neither boot.</p>`
        : markup`<ul class="findings">
            ${findings.map(findingItem)}
          </ul>`
    }
  </section>`
}

function findingItem({ a, b }: FindingPair): Markup | undefined {
  const finding = b ?? a
  if (finding === undefined) return undefined
  const where =
    a === undefined
      ? markup`<span class="side b">only in B</span>`
      : b === undefined
        ? markup`<span class="side a">only in A</span>`
        : markup`<span class="side">in both</span>`
  return markup`<li>
    ${where} <span class="level ${finding.level}">${finding.level}</span> <code>${finding.title}</code>
    ${finding.excuse === undefined ? undefined : markup`<span class="quiet">${finding.excuse}</span>`}
  </li>`
}

/** When each boot reached what, with bars on one scale. */
export function stagesSection({ stages }: BootDiff): Markup {
  const longest = Math.max(1, ...stages.flatMap(({ a, b }) => [a?.at ?? 0, b?.at ?? 0]))
  return markup`<section>
    <h2>Stages</h2>
    ${
      stages.length === 0
        ? markup`<p class="quiet">Neither boot shows a stage that is known.</p>`
        : markup`<div class="wide">
            <table>
              <thead>
                <tr>
                  <th scope="col">Stage</th>
                  <th scope="col" class="number">A</th>
                  <th scope="col" class="number">B</th>
                  <th scope="col" class="number">Later by</th>
                  <td></td>
                </tr>
              </thead>
              <tbody>
                ${stages.map((stage) => stageRow(stage, longest))}
              </tbody>
            </table>
          </div>`
    }
  </section>`
}

function stageRow({ name, a, b }: StagePair, longest: number): Markup {
  const time = (stage: StagePair['a']) =>
    stage === undefined ? markup`<span class="never">never</span>` : stageTime(stage)
  return markup`<tr>
    <th scope="row">${name}</th>
    <td class="number">${time(a)}</td>
    <td class="number">${time(b)}</td>
    <td class="number">${stageDifference(a, b)}</td>
    <td>
      <svg class="bars" viewBox="0 0 300 14" width="300" height="14" aria-hidden="true">
        ${bar('a', 1, a, longest)}${bar('b', 8, b, longest)}
      </svg>
    </td>
  </tr>`
}

function bar(side: string, y: number, stage: StagePair['a'], longest: number): Markup | undefined {
  return stage?.at === undefined
    ? undefined
    : markup`<rect class="${side}" x="0" y="${y}" width="${Math.max(1, (stage.at / longest) * 300).toFixed(1)}" height="5" />`
}

/** What only one of the kernels says. */
export function kernelLinesSection({ kernelLines }: BootDiff): Markup {
  return markup`<section>
    <h2>Kernel lines that only one boot has</h2>
    <div class="lists">${list('a', kernelLines.gone)}${list('b', kernelLines.new)}</div>
  </section>`
}

const shown = 30

function list(side: 'a' | 'b', lines: readonly BootLine[]): Markup {
  const [first, rest] = [lines.slice(0, shown), lines.slice(shown)]
  return markup`<div>
    <h3><span class="side ${side}">only in ${side.toUpperCase()}</span> ${lines.length}</h3>
    <ul class="lines">
      ${first.map(item)}
    </ul>
    ${
      rest.length === 0
        ? undefined
        : markup`<details>
            <summary>${rest.length} more</summary>
            <ul class="lines">
              ${rest.map(item)}
            </ul>
          </details>`
    }
  </div>`
}

function item(line: BootLine): Markup {
  return markup`<li><span class="at">${moment(line)}</span> <code>${line.text}</code></li>`
}
