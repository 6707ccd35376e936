import type { PayloadArguments } from '../payload/arguments.ts'
import type { Budget } from './budget.ts'

/** What a bisection was told, as plain data: `hil bisect resume` goes on with the same. */
export interface BisectSettings {
  /** Files, directories, globs. */
  readonly specs: readonly string[]
  readonly env: string
  /** Empty: all of the environment. */
  readonly boards: readonly string[]
  /** Of these, those that have every one of these tags. */
  readonly tags?: readonly string[]
  readonly grep: string | undefined
  readonly timeoutMs: number | undefined
  readonly state: string | undefined
  readonly reportRoot: string
  readonly good: readonly string[]
  readonly bad: string
  /** Whether the change that is looked for made it pass again. */
  readonly isFix: boolean
  readonly firstParent: boolean
  readonly paths: readonly string[]
  readonly skip: readonly string[]
  readonly terms: { readonly good: string | undefined; readonly bad: string | undefined }
  readonly repository: string | undefined
  readonly payloads: string | undefined
  readonly build: string | undefined
  readonly config: string | undefined
  readonly confidence: number
  readonly checks: number
  readonly patience: number
  readonly anyFailure: boolean
  readonly revert: boolean
  readonly budget: Budget
  readonly payload: PayloadArguments
  /** Boots in spite of what is wrong with a payload. */
  readonly force: boolean
}

/** What git and people call the two sides of the change. @returns the earlier one first */
export function termsOf({ isFix, terms }: BisectSettings): { readonly old: string; readonly new: string } {
  const { good = isFix ? 'fixed' : 'good', bad = isFix ? 'broken' : 'bad' } = terms
  return isFix ? { old: bad, new: good } : { old: good, new: bad }
}
