import { isHelper } from './helpers.ts'
import { readableName } from './rust-name.ts'
import type { PlaceRule, Step } from './splat-kind.ts'
import { addressSource, functionSource, stackStart } from './steps.ts'

export interface Place {
  /** The function to blame, without the prefixes of system call wrappers. */
  readonly name: string | undefined
  /** The functions it was chosen from. */
  readonly frames: readonly string[]
  /** Lines of another report lie in the stack. */
  readonly isMixed: boolean
  /** Only the first line of the report names it. */
  readonly isAlone?: boolean
}

/** Finds the function to blame in the lines of a report, its first line included. */
export function findPlace(lines: readonly string[], rule: PlaceRule): Place {
  const ways = [rule.steps, ...(rule.otherwise ?? [])]
  const found = ways.map((steps) => follow(lines, steps, rule))
  if (rule.named !== undefined)
    found.push({ ...follow(lines.slice(0, 1), [rule.named], rule), isAlone: true })
  return found.find(({ name }) => name !== undefined) ?? found[0] ?? nowhere
}

const nowhere: Place = { name: undefined, frames: [], isMixed: false }

function follow(lines: readonly string[], steps: readonly Step[], rule: PlaceRule): Place {
  const walk: Walk = { lines, at: 0, rule, frames: [], isMixed: false }
  let stacks = 0
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index]
    if (step === 'stack') {
      // The first stack with a name in it is the one; those after it tell of origins.
      if (stacks++ > 0 && walk.frames.length > 0) break
      const next = steps[index + 1]
      if (readStack(walk, next === 'stack' ? undefined : next)) index++
    } else if (step !== undefined) {
      readUntil(walk, step)
    }
  }
  const { frames, isMixed } = walk
  return { name: rule.choose === undefined ? frames[0] : rule.choose(frames), frames, isMixed }
}

interface Walk {
  readonly lines: readonly string[]
  readonly rule: PlaceRule
  at: number
  readonly frames: string[]
  isMixed: boolean
}

function readUntil(walk: Walk, step: RegExp): void {
  for (let line = next(walk); line !== undefined; line = next(walk)) {
    if (endsStack(walk, line)) return
    const match = step.exec(line)
    if (match === null) continue
    take(walk, match)
    return
  }
}

/** @returns whether the line that the next step looks for was in the stack */
function readStack(walk: Walk, nextStep: RegExp | undefined): boolean {
  for (let line = next(walk); line !== undefined; line = next(walk)) {
    if (endsStack(walk, line) || stackStart.test(line)) return false
    const other = nextStep?.exec(line) ?? null
    if (other !== null) {
      take(walk, other)
      return true
    }
    const frame = frameOf(line)
    if (frame !== null) take(walk, frame)
  }
  return false
}

function next(walk: Walk): string | undefined {
  return walk.lines[walk.at++]
}

/** Fault injection prints stacks of its own, in the middle of others. */
function endsStack(walk: Walk, line: string): boolean {
  const ends = injectedFault.test(line)
  if (ends) walk.isMixed = true
  return ends
}

function take(walk: Walk, [, ...symbols]: RegExpExecArray): void {
  for (const symbol of symbols as (string | undefined)[]) {
    if (symbol === undefined) continue
    const name = readableName(symbol)
    if (walk.rule.asIs === true) walk.frames.push(name)
    else if (!isHelper(name) && walk.rule.notIn?.test(name) !== true) walk.frames.push(withoutPrefix(name))
  }
}

export function frameOf(line: string): RegExpExecArray | null {
  return frame.exec(line) ?? armFrame.exec(line)
}

/** Whether a line tells by itself that it is one of a call trace: 32-bit arm prints none before it. */
export function isFrameOfItself(line: string): boolean {
  return armFrame.test(line)
}

/** System calls have another wrapper on every architecture and in every era. */
function withoutPrefix(name: string): string {
  const prefix = callPrefixes.filter((candidate) => name.startsWith(candidate))
  return name.slice(Math.max(0, ...prefix.map(({ length }) => length)))
}

const callPrefixes = [
  ...['SYSC_', 'SyS_', 'compat_SYSC_', 'compat_SyS_'],
  ...['sys_', '__sys_', '___sys_', '____sys_', 'ksys_', '__do_sys_', '__se_sys_', '__se_'],
  ...['__x64_', '__ia32_', '__arm64_'],
]

const frame = new RegExp(String.raw`^ {0,40}(?:${addressSource} ){0,2}${functionSource}`)
/** 32-bit arm: `[<c010b4d4>] (bar) from [<c0108f7c>] (foo+0x18/0x1c)`; until 2012 with an offset in `bar`, too. */
const armFrame = new RegExp(
  String.raw`^ {0,40}${addressSource} \(([A-Za-z0-9_]{1,200})(?:[.+][\w.+/]{0,80}(?: \[[\w-]{1,60}\])?)?\) from ${addressSource} \(${functionSource}`,
)
const injectedFault = /^(?: \[<?(?:0x)?[0-9a-f]{1,16}>?\])? should_fail(?:slab)?(?:\.[a-z0-9.]{1,40})?\+0x/
