import type { EmitEvent } from '../../core/events.ts'
import { formatDuration } from '../../core/duration.ts'
import { HilError, messageOf } from '../../core/errors.ts'
import { interruptedExit } from '../../core/verdicts.ts'
import { onInterrupt } from '../interruption.ts'

export interface SuperviseOptions {
  readonly emit: EmitEvent
  /** The longest time in which all boards are released, in milliseconds. */
  readonly reserveMs: number
  /** Ends the process where nothing else can be waited for. @default process.exit */
  readonly exit?: (code: number) => void
}

export interface Supervision extends Disposable {
  /** Ends the run; its reason is the signal's name, or the bug. */
  readonly interrupt: AbortSignal
  /** @throws HilError `hil.uncaught` (hil) when something threw that nobody caught */
  throwIfBroken(): void
}

/**
 * Watches over a run from outside: the first signal ends it, boards released and report written; after a
 * second one that may take no longer than the release's own time; a third one ends the process at once.
 * What throws with nobody to catch it is a bug of ours, and ends the run in the same orderly way.
 */
export function superviseRun({ emit, reserveMs, exit = exitProcess }: SuperviseOptions): Supervision {
  const controller = new AbortController()
  const warn = (message: string) => {
    emit({ type: 'note', level: 'warning', message })
  }
  let bug: HilError | undefined
  let patience: NodeJS.Timeout | undefined

  const signals = onInterrupt((signal, before) => {
    if (before === 0) {
      warn(`${signal}: stopping; the boards are being released`)
      controller.abort(signal)
    } else if (before === 1) {
      warn(
        `${signal} again: in ${formatDuration(reserveMs)} at most this ends; until then the power is switched off`,
      )
      patience = setTimeout(() => {
        exit(interruptedExit[signal])
      }, reserveMs).unref()
    } else exit(interruptedExit[signal])
  })
  const onUncaught = (error: unknown) => {
    if (bug !== undefined) return
    bug = new HilError('hil.uncaught', messageOf(error), { blame: 'hil', cause: error })
    emit({ type: 'note', level: 'error', message: `this is a bug in hil, the run ends: ${messageOf(error)}` })
    controller.abort(bug)
  }
  // Whoever else wants to hear of it would end the process at once.
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', onUncaught)

  return {
    interrupt: controller.signal,
    throwIfBroken() {
      if (bug !== undefined) throw bug
    },
    [Symbol.dispose]() {
      signals[Symbol.dispose]()
      clearTimeout(patience)
      process.removeListener('uncaughtException', onUncaught)
      for (const listener of others) process.on('uncaughtException', listener)
    },
  }
}

function exitProcess(code: number): void {
  process.exit(code)
}
