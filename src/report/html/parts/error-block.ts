import type { SerializedError } from '../../../core/errors.ts'
import type { TestEnded } from '../../../core/events.ts'
import {
  deadlineChain,
  formatDeadlineChain,
  locationOf,
  sentenceOf,
  typeOf,
  verdictOfAttempt,
} from '../../failure.ts'
import { pastInBrief } from '../../past.ts'
import type { AttemptRecord, TestRecord } from '../../run-record.ts'
import { markup, type Markup } from '../markup.ts'

/** A failure in full, below its test. */
export function errorBlock(
  { identity: { file }, past }: TestRecord,
  { ended, output }: AttemptRecord & { readonly ended: TestEnded },
): Markup {
  const { error } = ended
  if (error === undefined) return markup`<div class="error"><p>It failed without an error.</p></div>`
  const chain = deadlineChain(error)
  const place = locationOf(error, file)
  const { expected, actual, message } = error
  const isTold =
    expected === undefined || actual === undefined || (message.includes(expected) && message.includes(actual))
  return markup`<div class="error">
    <pre class="message">${sentenceOf(error).trim()}</pre>
    <p>
      ${verdictName(ended)} (${typeOf(error)})${place === undefined ? undefined : markup` at <code>${place.file}:${place.line}:${place.column}</code>`}
    </p>
    ${past === undefined ? undefined : markup`<p class="past">${pastInBrief(past)}</p>`}
    ${causesOf(error).map((cause) => markup`<p>because ${cause}</p>`)}
    ${chain.length === 0 ? undefined : markup`<p>time: ${formatDeadlineChain(chain)}</p>`}
    ${
      isTold
        ? undefined
        : markup`<dl class="compared">
            <dt>expected</dt>
            <dd><pre>${expected}</pre></dd>
            <dt>actual</dt>
            <dd><pre>${actual}</pre></dd>
          </dl>`
    }
    ${
      output === ''
        ? undefined
        : markup`<details>
            <summary>What the spec printed</summary>
            <pre>${output}</pre>
          </details>`
    }
    ${
      error.stack === undefined
        ? undefined
        : markup`<details>
            <summary>Stack</summary>
            <pre>${error.stack}</pre>
          </details>`
    }
  </div>`
}

function verdictName(ended: TestEnded): string {
  return (verdictOfAttempt(ended) ?? 'failed').replaceAll('-', ' ')
}

function causesOf({ cause, message }: SerializedError): readonly string[] {
  if (cause === undefined) return []
  const own = message.includes(cause.message) ? [] : [sentenceOf(cause)]
  return [...own, ...causesOf(cause)]
}
