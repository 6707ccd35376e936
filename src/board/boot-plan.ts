/** A file as the board will fetch it. */
export interface ServedFile {
  /** The name to ask the server for. */
  readonly name: string
  /** Where it lies on this machine; for a board that gets it over its console. */
  readonly path?: string
  readonly size: number
  /** Lower-case hex. */
  readonly sha256: string
  /** Of the whole file (IEEE 802.3), as U-Boot's and barebox's `crc32` print it. */
  readonly crc32: number
}

/** A TFTP, NFS or HTTP server as seen from the board. */
export interface ServerAddress {
  readonly host: string
  /** By NFS, from the directory it exports under this name; absent: by TFTP. */
  readonly nfsExport?: string
  /** By HTTP, below this path: empty, or with a slash in front and none behind; absent: by TFTP. */
  readonly httpPath?: string
  /** 69 unless the bootloader can use another (barebox can, Debian's U-Boot can't). */
  readonly port: number
}

/** Files that replace or extend what the board would have booted. An absent part is left alone. */
export interface NetworkOverride {
  /** `console`: the bootloader is sent the files, and needs no network. */
  readonly server: ServerAddress | 'console'
  /** Kernel image or FIT. */
  readonly image?: ServedFile
  readonly initrd?: InitrdOverride
  readonly deviceTree?: DeviceTreeOverride
  /**
   * A script from which the bootloader itself learns all that (barebox's `devboot`): served as
   * `USER-devboot-ARCHITECTURE`, it names the files as the server does.
   */
  readonly devboot?: ServedFile
  /** Nothing of a normal boot is needed, so that it can be started where there is none. */
  readonly isWhole: boolean
  /** The board itself has to tell what it fetched, by checksums: the server does not. */
  readonly needsChecksums: boolean
}

/** Unpacked in this order. Without any file, and if none is kept, the kernel gets none. */
export interface InitrdOverride {
  /** Whether that of the FIT, or else of the normal boot, comes first. */
  readonly keepsOwn: boolean
  readonly files: readonly ServedFile[]
}

export interface DeviceTreeOverride {
  /** `own`: that of the FIT, or else of the normal boot. `bootloader`: the bootloader's live tree. */
  readonly base: 'own' | 'bootloader' | ServedFile
  readonly overlays: readonly ServedFile[]
}

/** What a bootloader is asked to boot. */
export interface BootPlan {
  /**
   * Where a normal boot starts: barebox's boot source (`mmc0`, `bootsource`), U-Boot's command
   * (`run bootcmd`). Without it the bootloader's own default is booted.
   */
  readonly source?: string
  readonly override?: NetworkOverride
  /** Everything is fetched and laid out once without being booted, where the bootloader can do that (barebox). */
  readonly dryRun?: boolean
  /** Added to the kernel's command line. */
  readonly bootargs: readonly string[]
  /** Is told what a boot does, as evidence of what was booted. */
  readonly observe?: (observation: BootObservation) => void
}

/** Something that a bootloader's driver saw of a boot. Plain data. */
export type BootObservation =
  /** For people: what it found out on the way. */
  | { readonly type: 'note'; readonly level: 'info' | 'warning'; readonly message: string }
  /** All so far was without consequence: what was fetched in it proves nothing of the boot that follows. */
  | { readonly type: 'dry-run' }
  /** The board computed it of what it had fetched, and it was as published. */
  | { readonly type: 'checksum'; readonly file: string; readonly crc32: number }
  /** The running system computed it of the file that it has, and it was as published. */
  | { readonly type: 'digest'; readonly file: string; readonly sha256: string }
  /** How far a file is on its way over the console, in bytes. */
  | {
      readonly type: 'sending'
      readonly file: string
      readonly done: number
      readonly total: number
      readonly isOver: boolean
    }
  /** An emulator reads it itself, from the copy that was published. */
  | { readonly type: 'loaded'; readonly file: string }
  /** The command that boots, about to be sent. */
  | { readonly type: 'boot-command'; readonly command: string; readonly isLate: boolean }
  /** The lines with which the bootloader reports what it replaced. */
  | { readonly type: 'overridden'; readonly lines: readonly string[] }
  /** The bootloader's last words, or the kernel's first where those were missed. */
  | { readonly type: 'handed-over'; readonly line: string }

/** All files of an override, each once. */
export function filesOf({ image, initrd, deviceTree, devboot }: NetworkOverride): readonly ServedFile[] {
  const base = deviceTree !== undefined && typeof deviceTree.base !== 'string' ? [deviceTree.base] : []
  const all = [
    ...(image === undefined ? [] : [image]),
    ...(initrd?.files ?? []),
    ...base,
    ...(deviceTree?.overlays ?? []),
    ...(devboot === undefined ? [] : [devboot]),
  ]
  return [...new Map(all.map((file) => [file.name, file])).values()]
}
