/**
 * How far a boot has come. `firmware` is what runs before the bootloader proper (SPL, TF-A),
 * `initramfs` the first program from a RAM disk, `init` the first one of the root file system.
 */
export type StageName =
  'power' | 'firmware' | 'bootloader' | 'kernel' | 'initramfs' | 'init' | 'login' | 'shell'

/** A stage that was reached. */
export interface Stage {
  readonly name: StageName
  /** Which boot since the reader began, from 1. */
  readonly boot: number
  /** The line that showed it; `''` for power, which says nothing. */
  readonly text: string
  /** On the clock of whoever feeds the reader, in milliseconds. */
  readonly hostTimeMs: number
  /** Seconds on the kernel's clock; `undefined` where the line has no stamp. */
  readonly kernelTime: number | undefined
  /** Where the line begins on the console, counted from 0. */
  readonly offset: number
  /** Its number on the console, counted from 1. */
  readonly line: number
}

export const stageOrder: readonly StageName[] = [
  'power',
  'firmware',
  'bootloader',
  'kernel',
  'initramfs',
  'init',
  'login',
  'shell',
]
