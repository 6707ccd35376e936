import type { Finding } from './finding.ts'
import { KernelLogReader, type KernelLogEvents, type KernelLogOptions } from './kernel-log-reader.ts'
import type { KtapResult } from './ktap/ktap-reader.ts'
import type { Stage } from './stages/stage.ts'

/** All that a log says. */
export interface KernelLog {
  readonly stages: readonly Stage[]
  /** Complete, in the order of their first lines. */
  readonly findings: readonly Finding[]
  readonly ktap: readonly KtapResult[]
}

/**
 * Reads a whole log at once, from text or the raw bytes of a console.
 * @param hostTimes for logs that were kept with times: bytes and when they came, in milliseconds
 */
export function readKernelLog(
  log: string | Uint8Array | Iterable<{ readonly bytes: Uint8Array; readonly hostTimeMs: number }>,
  options: Omit<KernelLogOptions, keyof KernelLogEvents> = {},
): KernelLog {
  const stages: Stage[] = []
  const findings: Finding[] = []
  const ktap: KtapResult[] = []
  const reader = new KernelLogReader({
    ...options,
    onStage: (stage) => stages.push(stage),
    onReport: (finding) => findings.push(finding),
    onKtap: (result) => ktap.push(result),
  })
  if (typeof log === 'string' || log instanceof Uint8Array) reader.push(log)
  else for (const { bytes, hostTimeMs } of log) reader.push(bytes, hostTimeMs)
  reader.end()
  return { stages, findings: findings.sort((a, b) => a.id - b.id), ktap }
}
