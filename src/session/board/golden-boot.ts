import { now } from '../../core/clock.ts'
import type { Deadline } from '../../core/deadline.ts'
import type { HilError } from '../../core/errors.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import { benchOutcomes, type BenchOutcomes } from './bench-outcomes.ts'
import type { BoardService } from './board-service.ts'
import { HeldBoards, type BoardPlan, type HoldOptions } from './held-boards.ts'

/** What a golden boot came to. */
export type GoldenBoot =
  | {
      readonly isGood: true
      /** The release of the kernel that runs: `6.12.1-arm64`. */
      readonly kernel: string
      /** From power-on to the shell. */
      readonly durationMs: number
    }
  /** What failed; its blame says who has to act. */
  | { readonly isGood: false; readonly error: unknown }

/** Where every strategy ends that brings a board to its userspace. */
const shellState = 'shell'

/**
 * Boots a board as it boots when nobody tests anything on it, from power-off to its shell: the check that tells a
 * broken board or bench from a broken kernel. The board is taken, and left as its environment declares.
 *
 * That is what the board has, without any override (see `goldenSpec`); nothing of a command line has a part in it.
 *
 * Once by itself: a doubtful board is not made good by a second try. A failing clean-up makes the boot no good
 * one either, for the board is not as declared then. A good one ends a quarantine: who boots such a board needs a lease
 * that admits it.
 *
 * @param options a `lease` of the board can be given by `leaseBoards`; all that happens is told to `emit`
 * @throws only what ended `root` (Ctrl-C, time): that says nothing of the board, which was left as declared all the same
 */
export async function goldenBoot(
  { spec, strategy }: BoardPlan,
  options: HoldOptions,
  root: Deadline,
): Promise<GoldenBoot> {
  try {
    const held = await HeldBoards.take([{ spec: goldenSpec(spec), strategy }], options, root)
    let outcome: GoldenBoot | undefined
    let problems: readonly HilError[] = []
    try {
      for (const service of held.services.values()) outcome = await bootGolden(service, root)
    } finally {
      problems = await held.release(false, goldenOutcomes(spec.name, outcome))
    }
    const [error] = problems
    if (outcome === undefined) throw new RangeError(`no board was taken for ${spec.name}`)
    return error === undefined || !outcome.isGood ? outcome : { isGood: false, error }
  } catch (error) {
    root.throwIfOver()
    return { isGood: false, error }
  }
}

/** What a golden boot says of a bench: a good one that it is mended. */
export function goldenOutcomes(board: string, boot: GoldenBoot | undefined): BenchOutcomes {
  if (boot?.isGood === true) return new Map([[board, { kind: 'mended' }]])
  return benchOutcomes([board], { results: [], error: boot?.error })
}

/**
 * The golden boot of a board that is held already, which has to be held as `goldenSpec` says. It is left at its shell, or
 * wherever it failed.
 * @throws only what ended `t`
 */
export async function bootGolden(service: BoardService, t: Deadline): Promise<GoldenBoot> {
  try {
    await service.powerOff(t)
    const startedAt = now()
    await service.goto(t, shellState)
    const durationMs = now() - startedAt
    const { stdout } = await service.runInShell(t, 'uname -r', {})
    return { isGood: true, kernel: stdout.trim(), durationMs }
  } catch (error) {
    t.throwIfOver()
    return { isGood: false, error }
  }
}

/**
 * A board with what it boots when nobody tests anything on it: its own system, or the environment's payload where
 * `boot.golden` says so. An emulated board without a source to boot from has no system of its own.
 */
export function goldenSpec(spec: BoardSpec): BoardSpec {
  const { golden, source } = spec.boot
  const hasOwn =
    golden === undefined ? !('machine' in spec.hardware) || source !== undefined : golden === 'own'
  return hasOwn ? { ...spec, boot: { ...spec.boot, payload: undefined } } : spec
}
