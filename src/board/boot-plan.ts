/** A file as the board will fetch it. */
export interface ServedFile {
  /** The name to ask the server for. */
  readonly name: string
  readonly size: number
  /** Lower-case hex. */
  readonly sha256: string
  /** Of the whole file (IEEE 802.3), as U-Boot's and barebox's `crc32` print it. */
  readonly crc32: number
}

/** A TFTP server as seen from the board. */
export interface ServerAddress {
  readonly host: string
  /** 69 unless the bootloader can use another (barebox can, Debian's U-Boot can't). */
  readonly port: number
}

/** Files that replace or extend what the board would have booted. An absent part is kept. */
export interface NetworkOverride {
  readonly server: ServerAddress
  /** Kernel image or FIT. */
  readonly image?: ServedFile
  readonly initrd?:
    { readonly mode: 'replace' | 'append'; readonly file: ServedFile } | { readonly mode: 'remove' }
  readonly deviceTree?: { readonly file: ServedFile } | { readonly mode: 'bootloader' }
}

/** What a bootloader is asked to boot. */
export interface BootPlan {
  /**
   * Where a normal boot starts: barebox's boot source (`mmc0`, `bootsource`), U-Boot's command
   * (`run bootcmd`). Without it the bootloader's own default is booted.
   */
  readonly source?: string
  readonly override?: NetworkOverride
  /** Added to the kernel's command line. */
  readonly bootargs: readonly string[]
}
