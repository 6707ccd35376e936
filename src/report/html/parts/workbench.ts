import { markup, type Markup } from '../markup.ts'

/** What stands beside the tree. */
export interface Workbench {
  readonly boards: readonly string[]
  readonly boot: Markup
  readonly environment: Markup
  readonly run: Markup
}

const speeds = [0.25, 0.5, 1, 2, 4, 8, 16, 64]

/** The console with its tools and its time axis; beside it, as tabs, what else is known. The script fills it. */
export function workbench({ boards, boot, environment, run }: Workbench): Markup {
  return markup`<div class="bench">
    <div class="tabs" role="tablist" aria-label="Views">
      ${tab('console', 'Console', true)}${tab('boot', 'Proof of boot')}${tab('environment', 'Environment')}${tab('run', 'Run')}
      ${
        boards.length < 2
          ? undefined
          : markup`<label class="which"
              >Board
              <select id="board" aria-label="Board">
                ${boards.map((name, index) => markup`<option value="${index}">${name}</option>`)}
              </select></label
            >`
      }
    </div>
    <div class="panel console-panel" role="tabpanel" id="panel-console" aria-labelledby="tab-console">
      <div class="tools" role="toolbar" aria-label="Console tools">
        <button type="button" id="play" aria-pressed="false" title="Play or pause (Space)">Play</button>
        <label
          >Speed
          <select id="speed">
            ${speeds.map((speed) => markup`<option value="${speed}" ${speed === 1 ? markup` selected` : undefined}>${speed}×</option>`)}
          </select></label
        >
        <label class="check"><input type="checkbox" id="skip-silence" checked /> skip silence</label>
        <output id="clock" aria-label="Moment">0:00.000</output>
        <button type="button" id="copy-link" title="Copy a link to this moment (c)">Copy link</button>
        <span class="spring"></span>
        <button type="button" id="next-mark" title="Next kernel finding (m)" hidden>Finding</button>
        <label class="check"><input type="checkbox" id="show-sent" /> what hil sent</label>
        <span class="last"
          ><span class="find" role="search"
            ><input
            type="search"
            id="search"
            placeholder="Search"
            aria-label="Search the console"
            autocomplete="off"
            spellcheck="false"
          /><output id="found" aria-live="polite"></output
          ><button type="button" id="found-previous" aria-label="Previous match">↑</button
          ><button type="button" id="found-next" aria-label="Next match">↓</button></span
          ><button type="button" id="help" aria-label="Keys" title="Keys (?)">?</button></span
        >
      </div>
      <div id="console" role="log" aria-live="off" aria-label="Console" tabindex="0">
        <p class="loading">
          The consoles are compressed in this file and need a browser with JavaScript and DecompressionStream
          (any since 2023). As text they are in console.log, beside this file.
        </p>
      </div>
      <div
        id="axis"
        role="slider"
        tabindex="0"
        aria-label="Moment of the run"
        aria-valuemin="0"
        aria-valuemax="0"
        aria-valuenow="0"
      ></div>
    </div>
    ${panel('boot', boot)}${panel('environment', environment)}${panel('run', run)}
    <p id="said" role="status" aria-live="polite"></p>
    <dialog id="keys" aria-label="Keys">
      <h2>Keys</h2>
      <dl class="pairs">
        ${keys.map(
          ([key, what]) =>
            markup`<div>
              <dt><kbd>${key}</kbd></dt>
              <dd>${what}</dd>
            </div>`,
        )}
      </dl>
      <button type="button">Close</button>
    </dialog>
  </div>`
}

const keys = [
  ['Space', 'play or pause'],
  ['← →', 'one second back or on; with Shift ten'],
  ['Home End', 'start or end of the console'],
  ['f', 'the first failure'],
  ['j k', 'next or previous step'],
  ['m M', 'next or previous kernel finding'],
  ['/', 'search; Enter and Shift-Enter go from match to match'],
  ['n N', 'next or previous match'],
  ['c', 'copy a link to this moment'],
  ['+ - 0', 'show less, more, or all of the run on the time axis (or turn the wheel over it)'],
  ['1 2 3 4', 'console, proof of boot, environment, run'],
  ['?', 'these keys'],
] as const

function tab(name: string, title: string, isSelected = false): Markup {
  return markup`<button
    type="button"
    role="tab"
    id="tab-${name}"
    aria-controls="panel-${name}"
    aria-selected="${String(isSelected)}"
    tabindex="${isSelected ? 0 : -1}"
  >
    ${title}
  </button>`
}

function panel(name: string, content: Markup): Markup {
  return markup`<div
    class="panel details"
    role="tabpanel"
    id="panel-${name}"
    aria-labelledby="tab-${name}"
    tabindex="0"
    hidden
  >
    ${content}
  </div>`
}
