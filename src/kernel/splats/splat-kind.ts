import type { Level } from '../finding.ts'

/**
 * One kind of complaint, as an entry of a table. To add one, write it into a file of `families/`
 * (before the more general entry with the same trigger).
 */
export interface SplatKind {
  readonly kind: string
  readonly level: Level
  /** The literal text that makes a line worth a look. ASCII; as long as the kernel is sure to print it. */
  readonly trigger: string
  /** What the line says from `trigger` on; matched there and nowhere else. Groups fill the title. */
  readonly start?: RegExp
  /** What the line must not say anywhere. */
  readonly not?: RegExp
  /**
   * `{1}` is a group of `start` or, counted on, of `detail`; ` in {place}` falls away where the report
   * names no function. Without a title it is the rest of the line.
   */
  readonly title?: string
  /** A line that must be in the report for this entry to hold; the next entry is tried without it. */
  readonly detail?: RegExp
  readonly place?: PlaceRule
  /** The last line of its report, where that is not one that every report may end with. */
  readonly end?: RegExp
  /** The entry stands for the rest of a report whose beginning is lost. */
  readonly isRemnant?: boolean
  /**
   * What becomes of it while the same task or CPU reports something else: it is `part` of that and no
   * finding of its own, or it stands `beside` it. By default it ends that report.
   */
  readonly under?: 'part' | 'beside'
  /** A program says it, not the kernel. */
  readonly byProgram?: boolean
  /** Its report is its one line. */
  readonly isOneLine?: boolean
}

/** Where in a report the function stands that is to blame. */
export interface PlaceRule {
  /** Read in this order, each from where the one before ended. */
  readonly steps: readonly Step[]
  /** Tried in this order where these steps lead to nothing. */
  readonly otherwise?: readonly (readonly Step[])[]
  /** Names the function in the first line of the report; tried last, where its stack did not come. */
  readonly named?: RegExp
  /** Functions that are never to blame in this kind of report. */
  readonly notIn?: RegExp
  /** Chooses among the functions found; the first one by default. */
  readonly choose?: (frames: readonly string[]) => string | undefined
  /** The function is taken as it is, whatever it is. */
  readonly asIs?: boolean
}

/** The first line that matches (its groups are functions), or the stack that begins here. */
export type Step = RegExp | 'stack'
