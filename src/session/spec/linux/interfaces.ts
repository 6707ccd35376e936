export interface NetworkInterface {
  readonly name: string
  /** Whether somebody has switched it on. */
  readonly isUp: boolean
  /** Whether there is somebody at the other end of its cable. */
  readonly hasCarrier: boolean
  /** `52:54:00:12:34:56`; `undefined` for those that have none. */
  readonly mac: string | undefined
  readonly mtu: number
  readonly addresses: readonly { readonly address: string; readonly prefix: number }[]
}

/** Reads `ip -o link` and `ip -o addr`, one behind the other, of iproute2 and of busybox. */
export function parseInterfaces(text: string): readonly NetworkInterface[] {
  const lines = text.split('\n')
  // busybox shows the links again among the addresses.
  const links = new Map(
    lines.flatMap((line) => {
      const [, name, flags = '', mtu] = /^\d+: (\S+?)(?:@\S+)?: <([^>]*)> mtu (\d+)/.exec(line) ?? []
      if (name === undefined) return []
      const words = flags.split(',')
      const mac = /link\/ether ([\da-f:]{17})/.exec(line)?.[1]
      const link = {
        isUp: words.includes('UP'),
        hasCarrier: words.includes('LOWER_UP'),
        mac,
        mtu: Number(mtu),
      }
      return [[name, link] as const]
    }),
  )
  const addresses = lines.flatMap((line) => {
    const [, name, address = '', prefix] =
      /^\d+: (\S+?)(?:@\S+)?\s+inet6? ([\da-fA-F.:]+)\/(\d+)/.exec(line) ?? []
    return name === undefined ? [] : [{ name, address, prefix: Number(prefix) }]
  })
  return [...links].map(([name, link]) => ({
    name,
    ...link,
    addresses: addresses
      .filter((each) => each.name === name)
      .map(({ address, prefix }) => ({ address, prefix })),
  }))
}
