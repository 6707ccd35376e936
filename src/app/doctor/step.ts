import type { Deadline } from '../../core/deadline.ts'
import { blameOf, HilError, messageOf } from '../../core/errors.ts'
import type { StepFinding, StepId } from '../../core/examination.ts'

/** One thing that is proven of a bench. */
export interface Step<Bench> {
  readonly id: StepId
  /** A few words for the margin. */
  readonly title: string
  /** Those without which it can't be tried. */
  readonly needs: readonly StepId[]
  /** Time it may take, in milliseconds. */
  readonly budgetMs: number
  /** What to do where it fails and nobody knows better. */
  readonly advice: string
  /**
   * What it throws is a finding, too.
   * @returns at least one finding, or why there is nothing to try on this bench
   */
  run(bench: Bench, t: Deadline): Promise<readonly StepFinding[] | NothingToTry>
}

export interface NothingToTry {
  readonly nothingToTry: string
}

export function ok(words: string): StepFinding {
  return { level: 'ok', words }
}

export function warn(words: string, advice?: string): StepFinding {
  return { level: 'warn', words, ...(advice === undefined ? {} : { advice }) }
}

/** @param blame @default infrastructure: the bench */
export function failed(
  words: string,
  advice: string,
  blame: StepFinding['blame'] = 'infrastructure',
): StepFinding {
  return { level: 'failed', words, advice, blame }
}

/** What was thrown, as a finding. On a bench under examination a board that fails is a part of the bench. */
export function failedBy(error: unknown, advice: string): StepFinding {
  const blame = blameOf(error)
  const isBench = blame === 'board' || blame === 'test'
  const known = error instanceof HilError ? remedies[error.code] : undefined
  return failed(messageOf(error), known ?? advice, isBench ? 'infrastructure' : blame)
}

/** What helps against errors that may come up in any step. */
const remedies: Readonly<Record<string, string>> = {
  'lock.held': 'wait for your turn with --wait 30m, or ask who has it',
  'environment.secret': 'set it before hil is started, or name another place for it in the environment',
  'power.disagrees':
    'switch the outlet by hand and see whether it obeys; then look at which outlet the environment names',
  'power.no-terminal':
    'run hil doctor in a terminal: the power switch of this board is a person ("driver: manual")',
  'console.closed':
    'look at the cable and the server of the console; "reconnect" in the environment has hil wait for it',
  'boot.network-failed':
    'look at the cable of the board and at the DHCP server of its network; without one, give the bootloader an address: "bootloader: { driver: uboot, network: { address: ... } }"',
}
