import type { Variables } from '../source/interpolate.ts'
import type { Entry } from '../source/node.ts'
import type { ProblemList } from '../problems/problems.ts'

/** What is needed to put an environment of labgrid into the words of ours. */
export interface LabgridContext {
  readonly problems: ProblemList
  /** Of the process: labgrid takes `LG_*` of them. */
  readonly variables: Variables
  /** The names of process variables that were looked at are added. */
  readonly seen: Set<string>
  /** Where the file is: what relative paths and `$BASE` refer to. */
  readonly directory: string
  /** Stands before relative paths, where what is made of the file stands elsewhere. */
  readonly prefix: string
  /** Of the file: paths by the names that drivers use. */
  readonly images: ReadonlyMap<string, Entry>
  readonly tools: ReadonlyMap<string, Entry>
  readonly paths: ReadonlyMap<string, Entry>
}
