import type { Blame } from '../../../core/errors.ts'
import { verdicts, type Verdict } from '../../../core/verdicts.ts'
import { formatSecond } from '../../../core/moment.ts'
import { locationOf, sentenceOf, typeOf } from '../../failure.ts'
import { formatElapsed } from '../../format.ts'
import { describePast } from '../../past.ts'
import type { RunRecord } from '../../run-record.ts'
import { finalAttempt } from '../../run-record.ts'
import type { FirstFailure } from '../failure-view.ts'
import { markup, type Markup } from '../markup.ts'

const whoActs: Readonly<Record<Blame, string>> = {
  test: 'look at the test, or at what it tests',
  board: 'look at the kernel, or at the board',
  payload: 'look at what was to be booted',
  environment: 'look at the environment file, the command line or the spec',
  infrastructure: 'look at the bench: power, console, network',
  hil: 'report a bug in hil',
}

/** In one look: what the run means, who has to act, the first failure's sentence, where and when. */
export function header(record: RunRecord, failure: FirstFailure | undefined): Markup {
  const { tone, name, todo } = verdictOfRun(record)
  return markup`<header class="top ${tone}">
    <div class="verdict">
      <h1>${name}</h1>
      ${todo === undefined ? undefined : markup`<p class="todo">${todo}</p>`}
    </div>
    ${failure === undefined ? calm(record) : trouble(record, failure)}
    <dl class="facts">${facts(record)}</dl>
  </header>`
}

/** How a verdict looks and what it is called. */
export function toneOf(verdict: string | undefined): string {
  if (verdict === 'passed') return 'good'
  if (verdict === 'flaky') return 'doubtful'
  if (verdict === undefined || verdict === 'skipped' || verdict === 'unfinished') return 'neutral'
  return verdict === 'infrastructure-failed' || verdict === 'environment-wrong' ? 'amiss' : 'bad'
}

function verdictOfRun({ finished }: RunRecord): { tone: string; name: string; todo: string | undefined } {
  if (finished === undefined)
    return { tone: 'amiss', name: 'Cut off', todo: 'the run did not come to its end' }
  const { verdict, interruptedBy } = finished
  if (interruptedBy !== undefined) {
    return { tone: 'neutral', name: 'Interrupted', todo: `by ${interruptedBy}` }
  }
  const { blame } = verdicts[verdict]
  return { tone: toneOf(verdict), name: verdictTitle(verdict), todo: blame && whoActs[blame] }
}

/** `Board failed` */
function verdictTitle(verdict: Verdict): string {
  return capital(verdict.replaceAll('-', ' ').replace(/^hil/, 'Hil'))
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function calm(record: RunRecord): Markup {
  const names = record.boards.map(({ name }) => name).join(', ')
  return markup`<div class="story">
    <p class="sentence">${record.specs.length === 0 ? arrival(record) : passes(record)}</p>
    <p class="where">on ${names}</p>
  </div>`
}

function passes({ finished }: RunRecord): string {
  if (finished === undefined) return ''
  const { passed, flaky, skipped } = finished.counts
  return `${passed} passed${flaky ? `, ${flaky} flaky` : ''}${skipped ? `, ${skipped} skipped` : ''}`
}

/** What a boot without tests came to. */
function arrival({ boards }: RunRecord): string {
  const reached = boards.flatMap(
    ({ transitions }) => transitions.findLast(({ error }) => error === undefined)?.to ?? [],
  )
  return reached.length === 0 ? 'no test was run' : `reached ${[...new Set(reached)].join(', ')}`
}

function trouble(record: RunRecord, { error, test, title, file, boards, t, others }: FirstFailure): Markup {
  const [first, ...rest] = sentenceOf(error).trim().split('\n')
  const place = file === undefined ? undefined : locationOf(error, file)
  const board = boards.join(' + ')
  return markup`<div class="story">
    <p class="sentence">
      ${first}${rest.length > 0 ? markup` <span class="more">${rest.filter((line) => line.trim() !== '').join(' ')}</span>` : undefined}
    </p>
    <p class="where">
      ${title === undefined ? undefined : markup`<strong>${title}</strong> on `}<strong>${board}</strong>${place === undefined ? undefined : markup`, <code>${place.file}:${place.line}</code>`}
      <span class="kind">${typeOf(error)}</span>
    </p>
    ${test?.past === undefined ? undefined : markup`<p class="where">${capital(describePast(test.past))}</p>`}
    <p class="where">
      <button type="button" id="first-failure" data-t="${t}" data-board="${boards[0]}">Go to ${at(t)}</button>
      ${wallTime(record, t)}${others === 0 ? undefined : `, and ${others} more failed`}
    </p>
  </div>`
}

function facts(record: RunRecord): Markup {
  const { started, finished, boards } = record
  const counts = finished?.counts
  const notRun = record.specs.flatMap(({ tests }) =>
    tests.filter((test) => finalAttempt(test) === undefined),
  ).length
  const results = [
    [counts?.passed, 'passed'],
    [counts?.failed, 'failed'],
    [counts?.flaky, 'flaky'],
    [counts?.skipped, 'skipped'],
    [notRun, 'not run'],
  ].filter(([count]) => count !== undefined && count !== 0)
  const proof = proofOf(record)
  return markup`<div>
      <dt>Board</dt>
      <dd>${boards.map(({ name }) => name).join(', ')}</dd>
    </div>
    <div>
      <dt>Tests</dt>
      <dd>${results.map((result) => result.join(' ')).join(', ') || 'none'}</dd>
    </div>
    ${
      proof === undefined
        ? undefined
        : markup`<div>
            <dt>Boot</dt>
            <dd>${proof}</dd>
          </div>`
    }
    <div>
      <dt>Took</dt>
      <dd>${formatElapsed(finished?.durationMs ?? record.t)}</dd>
    </div>
    <div>
      <dt>Began</dt>
      <dd>
        ${started === undefined ? 'unknown' : markup`<time datetime="${started.startedAt}">${formatSecond(started.startedAt)}</time>`}
      </dd>
    </div>`
}

/** What is known of what booted: the worst of all boots that had something to prove. */
function proofOf({ boards }: RunRecord): string | undefined {
  const results = boards.flatMap(({ boots }) => boots.map(({ result }) => result))
  if (results.includes('broken')) return 'not proven'
  return results.includes('proven') ? 'proven' : undefined
}

function wallTime({ started }: RunRecord, t: number): Markup | undefined {
  if (started === undefined) return undefined
  const time = new Date(Date.parse(started.startedAt) + t).toISOString()
  return markup`<time datetime="${time}">${formatSecond(time)}</time>`
}

/** `0:12.345` */
function at(ms: number): string {
  const seconds = ms / 1000
  return `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(3).padStart(6, '0')}`
}
