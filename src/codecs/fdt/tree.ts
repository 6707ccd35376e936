/**
 * A device tree. `V` is the form in which property values are held: bytes in memory (the default),
 * or the place of the bytes in a file (`FdtPlace`).
 */
export interface Fdt<V = Uint8Array> {
  readonly root: FdtNode<V>
  readonly reservations: readonly MemoryReservation[]
  /** Physical ID of the CPU that boots. */
  readonly bootCpu: number
}

export interface FdtNode<V = Uint8Array> {
  /** With its unit address, e.g. `serial@9000000`; empty for the root. */
  readonly name: string
  /** In the order of the file. */
  readonly properties: ReadonlyMap<string, V>
  readonly children: ReadonlyMap<string, FdtNode<V>>
}

/** Memory that the kernel must leave alone. */
export interface MemoryReservation {
  readonly address: bigint
  readonly size: bigint
}

/** Where the value of a property is in its file. */
export interface FdtPlace {
  readonly offset: number
  readonly length: number
  /** The value itself, where it is short. */
  readonly bytes: Uint8Array | undefined
}

/** The node at a path such as `/soc/serial@9000000`, names given in full. */
export function findNode<V>({ root }: Pick<Fdt<V>, 'root'>, path: string): FdtNode<V> | undefined {
  const names = path.split('/').filter((name) => name !== '')
  return names.reduce<FdtNode<V> | undefined>((node, name) => node?.children.get(name), root)
}

/** All nodes with their paths, parents first. */
export function* listNodes<V>({ root }: Pick<Fdt<V>, 'root'>): Generator<[path: string, node: FdtNode<V>]> {
  const pending: [string, FdtNode<V>][] = [['/', root]]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    yield next
    const [path, { children }] = next
    const prefix = path === '/' ? '/' : `${path}/`
    pending.push(
      ...[...children].reverse().map(([name, child]): [string, FdtNode<V>] => [prefix + name, child]),
    )
  }
}
