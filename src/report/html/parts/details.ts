import { formatElapsed } from '../../format.ts'
import type { BoardRecord, BootRecord, RunRecord } from '../../run-record.ts'
import { consoleFileNames } from '../../files/console-files.ts'
import { markup, type Content, type Markup } from '../markup.ts'
import type { BoardTimeline, RunTimeline } from '../run-timeline.ts'
import { shellCommand } from '../shell-command.ts'

/** What each boot has proven, and what the board fetched. */
export function bootPanel(record: RunRecord, timeline: RunTimeline): Markup {
  const boards = record.boards.map((board) => ({
    board,
    fetches: timeline.boards.find(({ name }) => name === board.name)?.fetches ?? [],
  }))
  return markup`${boards.map(
    ({ board, fetches }) =>
      markup`<section>
        <h2>${board.name}</h2>
        ${board.boots.length === 0 ? markup`<p class="quiet">No boot was judged.</p>` : board.boots.map((boot) => bootSection(boot, board.name))}
        ${fetches.length === 0 ? undefined : fetchTable(fetches)}
      </section>`,
  )}`
}

const results = { proven: 'proven', broken: 'not proven', 'not-needed': 'nothing to prove' } as const
const stages = {
  'not-started': 'did not leave the bootloader',
  'handed-over': 'was handed over to the kernel',
  kernel: 'came to the kernel',
  userspace: 'came to userspace',
} as const

function bootSection({ at, stage, result, links, weakest, seen }: BootRecord, board: string): Markup {
  return markup`<article class="boot ${result}">
    <h3>
      <span class="result">${results[result]}</span> The boot ${stages[stage]}
      <button type="button" class="moment" data-t="${at}" data-board="${board}">${formatElapsed(at)}</button>
    </h3>
    ${weakest === undefined ? undefined : markup`<p>Weakest link: ${weakest}</p>`}
    ${
      links.length === 0
        ? undefined
        : table(
            ['Link', 'File', 'Is', 'What was seen'],
            links.map(({ link, file, status, evidence }) => [
              link.replaceAll('-', ' '),
              file === undefined ? undefined : markup`<code>${file}</code>`,
              markup`<span class="status ${status}">${status}</span>`,
              evidence,
            ]),
          )
    }
    <dl class="pairs">
      ${pair('Banner', seen.banner)}${pair('Command line', seen.commandLine)}${pair('Build id', seen.buildId)}
    </dl>
  </article>`
}

function fetchTable(fetches: BoardTimeline['fetches']): Markup {
  return markup`<h3>Files it fetched</h3>
    ${table(
      ['File', 'SHA-256', 'Bytes', 'Took', 'Ended'],
      fetches.map(({ name, sha256, size, acknowledgedBytes, durationMs, end, reason }) => [
        markup`<code>${name}</code>`,
        markup`<code class="hash">${sha256}</code>`,
        end === 'complete'
          ? size.toLocaleString('en')
          : `${acknowledgedBytes.toLocaleString('en')} of ${size.toLocaleString('en')}`,
        formatElapsed(durationMs),
        reason === undefined ? end : `${end}: ${reason}`,
      ]),
    )}`
}

/** The command to run it again, versions, boards, notes, files. */
export function runPanel(record: RunRecord): Markup {
  const { started, finished, boards, notes } = record
  const names = started?.boards ?? []
  return markup`<section>
    <h2>Run it again</h2>
    ${
      started === undefined
        ? undefined
        : markup`<div class="again">
            <pre id="command">${shellCommand(started.argv)}</pre>
            <button type="button" data-copies="command">Copy</button>
          </div>`
    }
    <dl class="pairs">
      ${pair('Run', started?.runId)} ${pair('Environment', started?.environmentFile)}
      ${pair('Exit code', finished?.exitCode)}
      ${Object.entries(started?.versions ?? {}).map(([name, version]) => pair(name, version))}
    </dl>
    ${
      notes.length === 0
        ? undefined
        : markup`<h2>Notes</h2>
            ${table(
              ['At', 'Board', 'What'],
              notes.map(({ t, board, level, message }) => [
                markup`<button type="button" class="moment" data-t="${t}" data-board="${board}">
                  ${formatElapsed(t)}
                </button>`,
                board,
                markup`<span class="note ${level}">${message}</span>`,
              ]),
            )}`
    }
    <h2>Boards</h2>
    ${boards.map((board) => boardSection(board, names))}
  </section>`
}

function boardSection(board: BoardRecord, names: readonly string[]): Markup {
  const { log, raw } = consoleFileNames(board.name, names)
  return markup`<h3>${board.name}</h3>
    <dl class="pairs">
      ${pair('Architecture', board.facts?.architecture)}
      ${pair('Compatible', board.facts?.compatible.join(', '))}
      ${Object.entries(board.versions).map(([name, version]) => pair(name, version))}
      ${pair('Console', `${board.received.toLocaleString('en')} bytes, in ${log} and ${raw}`)}
      ${pair('Left', `${board.state === undefined ? '' : `in ${board.state}, `}power ${board.power}`)}
      ${(board.released?.failures ?? []).map((failure) => pair('Not released cleanly', failure))}
    </dl>`
}

/** YAML as it was resolved. */
export function environmentPanel({ environment }: RunRecord): Markup {
  return environment === undefined
    ? markup`<p class="quiet">The run ended before its environment was known.</p>`
    : markup`<p class="quiet">With every default applied; secrets are masked.</p>
        <pre class="file">${environment}</pre>`
}

function pair(name: string, value: string | number | undefined): Markup | undefined {
  return value === undefined || value === ''
    ? undefined
    : markup`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`
}

function table(head: readonly string[], rows: readonly (readonly Content[])[]): Markup {
  return markup`<div class="wide">
    <table>
      <thead>
        <tr>
          ${head.map((cell) => markup`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            markup`<tr>
              ${row.map((cell) => markup`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
