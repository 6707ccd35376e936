/** What the board's disk boots when nothing is overridden: files of this host. */
export interface StockSystem {
  readonly kernel: string
  readonly initrd: string | undefined
  readonly deviceTree: string | undefined
  readonly bootargs: string
}
