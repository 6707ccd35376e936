import type { FailureSignature } from '../core/bisection-record.ts'
import type { SerializedError } from '../core/errors.ts'
import { plainText } from './rendered-text.ts'
import { titleOf, type RunRecord, type TestRecord } from './run-record.ts'

/** Every failure of a run, each by what it has in common with the same one in another run; the first one first. */
export function failuresOfRun(record: RunRecord): readonly FailureSignature[] {
  const stage = record.boards.flatMap(({ boots }) => boots).at(-1)?.stage ?? 'not-started'
  const failed = record.specs.flatMap(({ tests }) => tests).flatMap((test) => failuresOfTest(test, stage))
  const ordered = failed.toSorted((a, b) => a.at - b.at).map(({ signature }) => signature)
  const error = record.finished?.error
  return error === undefined ? ordered : [...ordered, signatureOf(error, stage, undefined)]
}

export function isSameFailure(a: FailureSignature, b: FailureSignature): boolean {
  if (a.kind === 'splat') return b.kind === 'splat' && a.signature === b.signature
  if (a.kind === 'test') return b.kind === 'test' && a.test === b.test && a.message === b.message
  return b.kind === 'boot' && a.code === b.code && a.stage === b.stage
}

/** A failure as a person says it. */
export function describeFailure(failure: FailureSignature): string {
  if (failure.kind === 'splat') return `the kernel said "${failure.title}"`
  if (failure.kind === 'test') return `"${failure.test}" failed: ${failure.message}`
  return `the boot failed at stage "${failure.stage}" (${failure.code}): ${failure.message}`
}

interface Failed {
  readonly at: number
  readonly signature: FailureSignature
}

function failuresOfTest({ identity, attempts }: TestRecord, stage: string): readonly Failed[] {
  return attempts.flatMap(({ at, ended }) => {
    if (ended?.outcome !== 'failed' || ended.error === undefined) return []
    return { at: at + ended.durationMs, signature: signatureOf(ended.error, stage, titleOf(identity)) }
  })
}

function signatureOf(error: SerializedError, stage: string, test: string | undefined): FailureSignature {
  const splat = splatIn(error)
  if (splat !== undefined) return { kind: 'splat', ...splat }
  const root = rootOf(error)
  const blame = root.blame ?? 'test'
  if (blame === 'test' && test !== undefined)
    return { kind: 'test', test, message: messageClass(error.message) }
  return { kind: 'boot', code: root.code ?? root.name, stage, message: messageClass(root.message) }
}

/** What the kernel complained about: the report that led to a panic says more than the panic. */
function splatIn(error: SerializedError | undefined): { signature: string; title: string } | undefined {
  if (error === undefined) return undefined
  const { signature, title, cause } = error.details ?? {}
  if (error.code?.startsWith('kernel.') === true && typeof signature === 'string') {
    if (typeof cause === 'string') return { signature: messageClass(cause), title: cause }
    return { signature, title: typeof title === 'string' ? title : signature }
  }
  return splatIn(error.cause)
}

/** Beneath "the board is not available" there is why. */
function rootOf(error: SerializedError): SerializedError {
  const { cause } = error
  return cause?.blame !== undefined && cause.blame === error.blame ? rootOf(cause) : error
}

const longestClass = 300

/** A message without what differs from run to run: numbers, addresses, colours, line breaks. */
function messageClass(message: string): string {
  return plainText(message)
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\b(?:0x)?[0-9a-f]{6,}\b/gi, '#')
    .replaceAll(/\d+(?:\.\d+)*/g, '#')
    .slice(0, longestClass)
}
