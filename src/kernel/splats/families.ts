import type { ConsoleLine } from '../lines/console-line.ts'
import { boot } from './families/boot.ts'
import { bootloaders } from './families/bootloaders.ts'
import { bug } from './families/bug.ts'
import { faults } from './families/faults.ts'
import { fileSystems } from './families/file-systems.ts'
import { info } from './families/info.ts'
import { kasan } from './families/kasan.ts'
import { kcsan } from './families/kcsan.ts'
import { kernelBug } from './families/kernel-bug.ts'
import { kfence } from './families/kfence.ts'
import { kmsan } from './families/kmsan.ts'
import { lockdep } from './families/lockdep.ts'
import { lockups } from './families/lockups.ts'
import { memory } from './families/memory.ts'
import { panic } from './families/panic.ts'
import { rust } from './families/rust.ts'
import { trusty } from './families/trusty.ts'
import { ubsan } from './families/ubsan.ts'
import { userspace } from './families/userspace.ts'
import { warning } from './families/warning.ts'
import type { SplatKind } from './splat-kind.ts'

/** Every kind of splat. Of those with the same trigger the first that holds wins, so order matters. */
const splatKinds: readonly SplatKind[] = [
  ...[kasan, kmsan, kcsan, kfence, ubsan].flat(),
  ...[faults, lockups, lockdep, memory, kernelBug, rust, trusty].flat(),
  ...[panic, fileSystems, boot, bootloaders, userspace].flat(),
  // Entries that take what the others leave.
  ...[warning, info, bug].flat(),
]

/** What has to be looked for in the bytes of the console. */
export const splatTriggers: readonly string[] = [...new Set(splatKinds.map(({ trigger }) => trigger))]

/** A trigger that stands in a line, and everything it may mean. */
export interface SplatStart {
  /** In order; the first is the most likely. */
  readonly candidates: readonly SplatCandidate[]
}

export interface SplatCandidate {
  readonly kind: SplatKind
  /** What the groups of `start` matched. */
  readonly groups: readonly string[]
  /** The message from the trigger on. */
  readonly text: string
}

/** Reads one line; `undefined` where no splat begins in it. @param triggers those that are in it, in order */
export function findStart(
  { message, kernelTime }: ConsoleLine,
  triggers: readonly string[],
): SplatStart | undefined {
  // systemd may write into the kernel's log, and then its lines have a time.
  const isKernels = kernelTime !== undefined && !/^\w{1,20}\[\d{1,8}\]: /.test(message)
  let found: SplatStart | undefined
  for (const trigger of triggers) {
    const index = message.indexOf(trigger)
    if (index === -1 || isInsideWord(message, index)) continue
    const text = message.slice(index, index + 1024)
    const candidates = kindsOf(trigger).flatMap((kind) => candidateOf(kind, text, message, isKernels) ?? [])
    // Two CPUs may write into one line: what is fatal is not to be missed.
    if (candidates[0]?.kind.level === 'fatal') return { candidates }
    if (candidates.length > 0) found ??= { candidates }
  }
  return found === undefined || isHarmless(message) ? undefined : found
}

function kindsOf(trigger: string): readonly SplatKind[] {
  return byTrigger.get(trigger) ?? []
}

const byTrigger = new Map(
  splatTriggers.map((trigger) => [
    trigger,
    splatKinds.filter((kind) => trigger === kind.trigger).map(anchored),
  ]),
)

/** Matched at the trigger only, so that a long line is not searched once more from each of its letters. */
function anchored(kind: SplatKind): SplatKind {
  return kind.start === undefined ? kind : { ...kind, start: new RegExp(`^(?:${kind.start.source})`) }
}

function candidateOf(
  kind: SplatKind,
  text: string,
  message: string,
  isKernels: boolean,
): SplatCandidate | undefined {
  if (kind.not?.test(message) === true) return undefined
  if (kind.byProgram === true && isKernels) return undefined
  if (kind.start === undefined) return { kind, groups: [], text }
  const match = kind.start.exec(text)
  if (match === null) return undefined
  return { kind, groups: match.slice(1).map((group: string | undefined) => group ?? ''), text }
}

/** Lines that have the words and mean nothing, on every kernel. */
function isHarmless(message: string): boolean {
  return harmless.test(message)
}

const harmless = new RegExp(
  [
    // What one makes of its own volume: lockdep, watchdogs that note a delay, file systems that mount.
    'INFO: (?:lockdep is turned off|Stall ended before|NMI handler|recovery required on readonly)',
    String.raw`(?:handler|interrupt).{0,100}took too long`,
    // Advice about the processor or the configuration.
    'WARNING: (?:workqueue cpumask: online intersect|[Tt]he mand mount option|Unprivileged eBPF is enabled)',
    'WARNING: (?:kernel not compiled with CPU_SRSO|See https.{0,200} for mitigation|fbcon: Driver)',
    String.raw`[Ww][Aa][Rr][Nn][Ii][Nn][Gg]: .{1,100} uses (?:deprecated v2 capabilities|wireless extensions)`,
    // Programs: sshd, the Android runtime, a dump of glibc's symbols.
    'WARNING: (?:/etc/ssh/moduli does not exist|Unsupported flag value)',
    String.raw`(?:^|[^A-Z])DEBUG:|xlog_status:|Boot_DEBUG:|rmt_storage:INFO:`,
    String.raw`EXT4-[Ff][Ss](?: \(.{1,80}\))?:|XFS \(\w{1,40}\): WARNING`,
  ].join('|'),
)

/** "ODEBUG:" is not "BUG:". */
function isInsideWord(message: string, index: number): boolean {
  return index > 0 && /[A-Z_]{2}/.test(message.slice(index - 1, index + 1))
}
