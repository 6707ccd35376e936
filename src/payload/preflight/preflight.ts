import type { Finding } from '../finding.ts'
import type { Payload } from '../payload.ts'
import { checkArchitecture } from './architecture.ts'
import { checkDeviceTrees } from './device-trees.ts'
import type { BoardFacts, PayloadContents } from './facts.ts'
import { checkFit } from './fit.ts'
import { checkInitramfs } from './initramfs.ts'
import { checkMemory } from './memory.ts'
import { checkModules } from './modules.ts'
import { checkNames } from './names.ts'

export interface Preflight {
  readonly payload: Payload
  readonly contents: PayloadContents
  readonly board: BoardFacts
}

const checks: readonly ((preflight: Preflight) => Iterable<Finding>)[] = [
  checkNames,
  checkArchitecture,
  checkFit,
  checkDeviceTrees,
  checkInitramfs,
  checkModules,
  checkMemory,
]

/** What can be told of a payload and a board before any power is switched; errors first. */
export function preflight(facts: Preflight): Finding[] {
  const findings = checks.flatMap((check) => [...check(facts)])
  const rank = ({ severity }: Finding) => (severity === 'error' ? 0 : 1)
  return findings.sort((a, b) => rank(a) - rank(b))
}
