import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { startDeadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { KernelSource } from '../../core/events.ts'
import { reasonOf } from '../../core/reason-of.ts'
import type { Finding } from '../../kernel/finding.ts'
import { KernelLogReader } from '../../kernel/kernel-log-reader.ts'
import type { KtapStatus } from '../../kernel/ktap/ktap-line.ts'
import type { KtapResult } from '../../kernel/ktap/ktap-reader.ts'
import { KeptLog } from '../../kernel/lines/kept-log.ts'
import type { KernelLog } from '../../kernel/read-kernel-log.ts'
import type { Stage } from '../../kernel/stages/stage.ts'
import { timeStampSource } from '../../kernel/time-stamp.ts'
import { plainText } from '../../report/rendered-text.ts'
import type { FindSources } from '../../session/kernel/kernel-sources.ts'
import { sourceFinder } from '../symbols/run-sources.ts'

/** `hil log`, as it was typed. */
export interface KernelLogArguments {
  /** A text log, a raw console log, or `-` for stdin. */
  readonly file: string
  readonly format: 'text' | 'json'
  /** Print whole reports, not only their titles. */
  readonly full: boolean
  /** The `vmlinux` of the kernel, to find the source lines of its traces. */
  readonly vmlinux: string | undefined
}

/**
 * What a console log from anywhere says.
 * @returns the exit code: 1 when the kernel complained about something, or a test of its failed
 * @throws HilError `log.unreadable`, `symbols.*` (environment)
 */
export async function kernelLogCommand(args: KernelLogArguments, cwd = process.cwd()): Promise<number> {
  const findSources = await sourceFinder({ vmlinux: args.vmlinux, tree: undefined }, cwd)
  const log = await withSources(await readLog(args.file, cwd), findSources)
  process.stdout.write(
    args.format === 'json' ? `${JSON.stringify(log, null, 2)}\n` : describe(log, args.full),
  )
  return isGood(log) ? 0 : 1
}

/** A finding, and where the places in its report are in the sources. */
interface PlacedFinding extends Finding {
  readonly sources?: readonly KernelSource[]
}

interface PlacedLog extends Omit<KernelLog, 'findings'> {
  readonly findings: readonly PlacedFinding[]
}

async function withSources(log: KernelLog, findSources: FindSources | undefined): Promise<PlacedLog> {
  if (findSources === undefined) return log
  using t = startDeadline(sourcesMs, 'finding the source lines of traces')
  const findings: PlacedFinding[] = []
  for (const finding of log.findings) {
    const sources = finding.level === 'info' ? [] : await t.race(findSources(finding.lines, t))
    findings.push(sources.length === 0 ? finding : { ...finding, sources })
  }
  return { ...log, findings }
}

/** A file of hundreds of megabytes on a slow disk takes its time. */
const sourcesMs = 5 * 60_000

function isGood({ findings, ktap }: KernelLog): boolean {
  const bad: readonly KtapStatus[] = ['failed', 'timeout', 'error']
  return findings.every(({ level }) => level === 'info') && !ktap.some(({ status }) => bad.includes(status))
}

async function readLog(file: string, cwd: string): Promise<KernelLog> {
  const stages: Stage[] = []
  const findings: Finding[] = []
  const ktap: KtapResult[] = []
  const reader = new KernelLogReader({
    // Who kept the log may have switched the board off and on.
    knowsPower: false,
    onStage: (stage) => stages.push(stage),
    onReport: (finding) => findings.push(finding),
    onKtap: (result) => ktap.push(result),
  })
  const kept = new KeptLog()
  const input = file === '-' ? process.stdin : createReadStream(resolve(cwd, file))
  try {
    for await (const chunk of input) reader.push(kept.push(chunk as Uint8Array))
    reader.push(kept.end())
  } catch (error) {
    throw new HilError('log.unreadable', `can't read the log "${file}": ${reasonOf(error)}`, {
      blame: 'environment',
      details: { file },
      cause: error,
    })
  }
  reader.end()
  return { stages, findings: findings.sort((a, b) => a.id - b.id), ktap }
}

function describe({ stages, findings, ktap }: PlacedLog, full: boolean): string {
  const lines = [
    ...section('stages', stages.map(stageLine)),
    ...section(
      'findings',
      findings.flatMap((finding) => findingLines(finding, full)),
    ),
    ...section(
      'tests (KTAP)',
      ktap.flatMap((result) => ktapLines(result)),
    ),
  ]
  // What a board says is not obeyed by the terminal it is shown on.
  return lines.length === 0
    ? 'nothing of a boot or a kernel in it\n'
    : `${lines.map((line) => plainText(line)).join('\n')}\n`
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)]
}

function stageLine({ name, boot, text, kernelTime, line }: Stage): string {
  const where = `${`boot ${boot}`.padEnd(7)} ${`line ${line}`.padStart(10)} ${seconds(kernelTime)}`
  const words = text.replace(stamp, '').slice(0, 100)
  return `${where}  ${name.padEnd(10)}  ${words}`.trimEnd()
}

const stamp = new RegExp(`^${timeStampSource} ?`)

function findingLines(finding: PlacedFinding, full: boolean): readonly string[] {
  const { level, title, kernelTime, line, corrupted, excuse, lines, sources = [] } = finding
  const notes = [corrupted, excuse].filter((note) => note !== undefined).map((note) => ` (${note})`)
  return [
    `${level.padEnd(7)} ${`line ${line}`.padStart(10)} ${seconds(kernelTime)}  ${title}${notes.join('')}`,
    ...(full
      ? lines.flatMap((text, at) => [
          `    ${text}`,
          ...sourceLines(sources.filter((each) => each.line === at)),
        ])
      : sourceLines(sources)),
  ]
}

/** `foo+0x1c/0x40 kernel/foo.c:12`, and below it what it was compiled into. */
function sourceLines(sources: readonly KernelSource[]): readonly string[] {
  return sources.flatMap(({ place, calls }) =>
    calls.map(({ function: name, file, line }, depth) => {
      const what = depth === 0 ? place : `in ${name}`
      return `      ${what.padEnd(44)} ${file}:${line}`
    }),
  )
}

function ktapLines({ status, name, children }: KtapResult, depth = 0): readonly string[] {
  const below = children.flatMap((child) => ktapLines(child, depth + 1))
  return [`${status.padEnd(16)}  ${'  '.repeat(depth)}${name}`, ...below]
}

function seconds(kernelTime: number | undefined): string {
  return (kernelTime === undefined ? '' : kernelTime.toFixed(6)).padStart(13)
}
