/** Where a coordinator of labgrid is, and how it is spoken to. */
export interface CoordinatorAddress {
  /** `HOST:PORT` */
  readonly address: string
  readonly tls: { readonly ca?: string; readonly certificate?: string; readonly key?: string } | undefined
}
