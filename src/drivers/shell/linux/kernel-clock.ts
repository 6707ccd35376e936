import { now } from '../../../core/clock.ts'
import type { KernelLineSign } from '../../../kernel/take-out-kernel-lines.ts'

/** printk and /proc/uptime do not start to count at the very same moment. */
const toleranceSeconds = 0.05

/** The kernel's time, from one look at `/proc/uptime`. */
export class KernelClock {
  readonly #bootedAt: number | undefined

  /** @param uptime in seconds; not a number where it can't be read */
  constructor(uptime: number) {
    this.#bootedAt = Number.isFinite(uptime) ? now() - uptime * 1000 : undefined
  }

  /** Which lines the kernel printed since `at`, a time of `core/clock.ts`. */
  signSince(at: number): KernelLineSign {
    if (this.#bootedAt === undefined) return { by: 'time', since: 0 }
    return { by: 'time', since: (at - this.#bootedAt) / 1000 - toleranceSeconds }
  }
}
