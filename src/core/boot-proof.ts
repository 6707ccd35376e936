/** How far a boot had come when it was judged. */
export type BootStage = 'not-started' | 'handed-over' | 'kernel' | 'userspace'

/**
 * Whether a link of the chain holds: `missing` and `differs` break it; what is `unobservable` is told, and
 * other links stand for it.
 */
export type LinkStatus = 'proven' | 'unobservable' | 'missing' | 'differs'

export type LinkName =
  | 'published'
  | 'fetched'
  | 'boot-command'
  | 'handed-over'
  | 'banner'
  | 'command-line'
  | 'version'
  | 'nonce'
  | 'build-id'

/** One link between a file on this machine and the kernel that runs on the board. */
export interface ProofLink {
  readonly link: LinkName
  /** The file it is about. */
  readonly file?: string
  readonly status: LinkStatus
  /** What was seen, or what should have been, as a clause. */
  readonly evidence: string
}

/** What is known of one boot. Plain data, to stand in reports. */
export interface ProofOfBoot {
  readonly stage: BootStage
  /** `not-needed` where the board booted what it has. */
  readonly result: 'proven' | 'broken' | 'not-needed'
  /** In the order in which a boot goes; empty without a payload. */
  readonly links: readonly ProofLink[]
  /** The link that holds least, as a sentence. */
  readonly weakest?: string
  /** What the kernel said of itself. */
  readonly seen: {
    readonly banner?: string
    readonly commandLine?: string
    readonly buildId?: string
  }
}
