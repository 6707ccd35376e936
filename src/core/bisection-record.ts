/**
 * What is known of a bisection: plain data, which its directory keeps after each step and every report of it is made
 * from. What was found out is in `probes` alone; all else can be thought out again from them.
 */
export interface BisectionRecord {
  readonly version: typeof bisectionVersion
  readonly id: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly finishedAt?: string
  readonly argv: readonly string[]
  readonly change: 'regression' | 'fix'
  /** What the two kinds of commits are called: `good` and `bad`, `broken` and `fixed`, or as the person likes. */
  readonly terms: { readonly old: string; readonly new: string }
  readonly source: BisectionSource
  /** The two ends, by id; `passing` also has commits where the history of one leaves that of the other. */
  readonly ends: { readonly failing: string; readonly passing: readonly string[] }
  /** How many commits lie between the ends, the later end included. */
  readonly rangeSize: number
  /** What is said of commits that were run, built or named; by id. */
  readonly commits: Readonly<Record<string, CommitDescription>>
  readonly confidenceWanted: number
  readonly environmentFile: string
  readonly specs: readonly string[]
  readonly boards: readonly string[]
  /** Of hil and of what it works with: `hil`, `node`, `git`, `ccache`. */
  readonly versions?: Readonly<Record<string, string>>
  /** What all kernels have in common; absent where none was made. */
  readonly kernel?: KernelParameters
  /** Who looks for it, as git knows this person; absent where git does not. */
  readonly reporter?: Person
  /** How the failing end fails; absent until it did. */
  readonly signature?: FailureSignature
  readonly builds: readonly BuildRecord[]
  readonly probes: readonly ProbeRecord[]
  /** Commits with which the bench fails although it is well with others, and why that is said. */
  readonly setAside: Readonly<Record<string, string>>
  /** Boards that were taken out of use, and why. */
  readonly boardsOut: Readonly<Record<string, string>>
  readonly notes: readonly string[]
  /** How long was worked on it, pauses left out. */
  readonly activeMs: number
  /** Absent while it goes on, and when it was stopped. */
  readonly conclusion?: BisectionConclusion
  /** Why it was stopped before it came to a conclusion; `hil bisect resume` goes on. */
  readonly stopped?: string
}

/** A reader refuses a higher one. */
export const bisectionVersion = 1

/** What commits are of, and how a payload is made of one. */
export type BisectionSource =
  | {
      readonly kind: 'kernel-tree' | 'command'
      readonly repository: string
      readonly command?: string
      /** What was merged counts as one commit. */
      readonly firstParent: boolean
      /** Only commits that touch these; empty: all. */
      readonly paths: readonly string[]
      /** Commits that are not to be tried, by the wish of the person. */
      readonly skipped: readonly string[]
      /** Where the repository has its commits from, and the branch of the later end. */
      readonly remote?: string
      readonly branch?: string
      /** It is the kernel's own history: regressions of it are told and tracked in its way. */
      readonly isLinux?: boolean
    }
  /** Payloads that are there already, oldest first; their names stand for commits. */
  | { readonly kind: 'payloads'; readonly from: string }

export interface KernelParameters {
  readonly architecture?: string
  /** `gcc (Debian 12.2.0-14) 12.2.0` */
  readonly compiler?: string
  /** What it was called where it was given, and what it is. */
  readonly config?: { readonly name: string; readonly sha256: string }
}

export interface Person {
  readonly name: string
  readonly email: string
}

export interface CommitDescription {
  readonly id: string
  /** As people write it: `1f2e3d4c5b6a`, or the name of a payload. */
  readonly shortId: string
  readonly subject: string
  readonly author?: string
  /** ISO 8601. */
  readonly date?: string
  readonly parents: readonly string[]
  /** `v6.18-rc1-12-g1f2e3d4c5b6a` */
  readonly describe?: string
}

/** How a run failed, such that the same failure has the same one in every run, and another failure another. */
export type FailureSignature =
  | { readonly kind: 'splat'; readonly signature: string; readonly title: string }
  | { readonly kind: 'test'; readonly test: string; readonly message: string }
  | { readonly kind: 'boot'; readonly code: string; readonly stage: string; readonly message: string }

export interface BuildRecord {
  readonly commit: string
  readonly startedAt: string
  readonly durationMs: number
  /** What the kernel is, in one hash: two commits with the same one have the same kernel. */
  readonly identity?: string
  /** Why there is none. */
  readonly obstacle?: string
  /** What a person should know of it, in sentences. */
  readonly notes?: readonly string[]
  /** What was printed; relative to the directory of the bisection. */
  readonly log?: string
  /** Nothing was built: it was there from an earlier bisection. */
  readonly isCached?: boolean
}

export type ProbePurpose =
  'failing-end' | 'passing-end' | 'search' | 'origin' | 'culprit' | 'parent' | 'revert' | 'golden'

export interface ProbeRecord {
  /** From 1. */
  readonly number: number
  /** A commit, or a revert: `revert <commit> on <commit>`. */
  readonly commit: string
  readonly purpose: ProbePurpose
  readonly board: string
  readonly startedAt: string
  readonly durationMs: number
  readonly outcome: ProbeOutcome
  /** Why it is that outcome, in a sentence. */
  readonly why: string
  /** What was seen, where something failed. */
  readonly signature?: FailureSignature
  /** How often the power was switched on. */
  readonly powerCycles: number
  /** What ran, as it was proven: `identity` of its build. */
  readonly identity?: string
  /** Its report, relative to the directory of the bisection. */
  readonly report?: string
}

/**
 * `fail` is the failure that is looked for and `other` any other one; `untestable` says something about the commit,
 * `infrastructure` about the bench, and neither about the change.
 */
export type ProbeOutcome = 'pass' | 'fail' | 'other' | 'untestable' | 'infrastructure'

export interface BisectionConclusion {
  readonly kind:
    'found' | 'narrowed' | 'failing-end-passes' | 'passing-end-fails' | 'end-untestable' | 'contradiction'
  /** One sentence. */
  readonly summary: string
  /** The one that was found, those that are left, or the end that is not as it should be. */
  readonly commits: readonly string[]
  readonly confidence?: number
  /** Whether `confidence` is what was asked for. */
  readonly isSure?: boolean
  readonly checks: readonly BisectionCheck[]
}

/** Something that was looked at before a culprit is named. */
export interface BisectionCheck {
  readonly name: string
  readonly result: 'passed' | 'failed' | 'not done'
  /** One sentence. */
  readonly detail: string
}
