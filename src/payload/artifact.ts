/** Where an artifact comes from, for whoever has to find out later what was booted. */
export interface Origin {
  readonly kind: 'kernel-tree' | 'debian-package' | 'fit' | 'file' | 'made'
  /** What it was read from, or made of. */
  readonly path: string
  /** `git describe` of a kernel tree. */
  readonly revision?: string
  /** SHA-256 of the kernel's configuration. */
  readonly configSha256?: string
  /** As the kernel's banner names it. */
  readonly compiler?: string
}

export type ArtifactKind = 'kernel' | 'fit' | 'device-tree' | 'overlay' | 'initrd'

/** One file of a payload. */
export interface Artifact {
  readonly kind: ArtifactKind
  /** In the payload's directory, and on the server. */
  readonly name: string
  readonly size: number
  /** Lower-case hex. */
  readonly sha256: string
  /** Of the whole file (IEEE 802.3), as U-Boot's and barebox's `crc32` print it. */
  readonly crc32: number
  readonly origin: Origin
}
