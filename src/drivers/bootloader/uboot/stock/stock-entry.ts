/** What a board boots by itself, as it was found on one of its disks. Paths are those on `device`. */
export interface StockEntry {
  /** For people: `label stock of /boot/extlinux/extlinux.conf on virtio 0:1`. */
  readonly from: string
  /** As `load` takes it: `mmc 0:1`. */
  readonly device: string
  /** The whole command line; undefined: $bootargs as it is. */
  readonly bootargs: string | undefined
  readonly kernel: string | undefined
  /** The kernel gets them one after the other. */
  readonly initrds: readonly string[]
  readonly deviceTree: string | undefined
}

/** What a file says, before it is known where the file lies. */
export type EntryText = Omit<StockEntry, 'from' | 'device'> & { readonly name: string }
