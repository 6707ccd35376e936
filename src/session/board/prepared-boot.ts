import type { Deadline } from '../../core/deadline.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import type { PreparePayload } from '../../lab/provisions.ts'
import type { KernelFacts } from '../../payload/index.ts'

/** What a board is to boot, made and checked before anything is switched. */
export interface PreparedBoot {
  /** What has to be proven of a boot; undefined: the board boots what it has. */
  readonly payload: ExpectedPayload | undefined
  /** Publishes the files where the board can fetch them. */
  readonly publish: PreparePayload
  /** What a person should know, in sentences. */
  readonly notes: readonly string[]
}

/** Of a payload, what a boot of it must show. */
export interface ExpectedPayload {
  /** Of its content. */
  readonly nonce: string
  /** Undefined: the kernel is the board's own. */
  readonly kernel: KernelFacts | undefined
}

/**
 * Makes what a board is to boot, before it is taken; given, because payloads are made in a room of their own.
 * @throws HilError of blame `payload` for what can't boot this board
 */
export type PrepareBoot = (spec: BoardSpec, t: Deadline) => Promise<PreparedBoot>
