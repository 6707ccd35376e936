import type { Deadline } from '../core/deadline.ts'

export type PowerState = 'on' | 'off' | 'unknown'

/** What makes a board lose and get power. Errors are `power.*`, blame infrastructure. */
export interface PowerSwitch {
  on(t: Deadline): Promise<void>
  off(t: Deadline): Promise<void>
  /** What the switch says now; `unknown` where it can't be read back. */
  state(t: Deadline): Promise<PowerState>
}
