/** The messages of `wire.ts` as they come: what has its default value, or was not sent, is absent. */

export interface ClientOutMessage {
  readonly sync?: { readonly id?: number }
  readonly updates: readonly Update[]
}

/** Exactly one is there, or none of those we know. */
export interface Update {
  readonly resource?: ResourceMessage
  readonly delResource?: PathMessage
  readonly place?: PlaceMessage
  readonly delPlace?: string
}

export interface PathMessage {
  readonly exporterName?: string
  readonly groupName?: string
  readonly resourceName?: string
}

/** Nothing of it is there: null. */
export interface ValueMessage {
  readonly kind?: 'bool' | 'int' | 'uint' | 'float' | 'string'
  readonly bool?: boolean
  readonly int?: number
  readonly uint?: number
  readonly float?: number
  readonly string?: string
}

export interface ResourceMessage {
  readonly path?: PathMessage
  readonly cls?: string
  readonly params: Readonly<Record<string, ValueMessage>>
  readonly extra: Readonly<Record<string, ValueMessage>>
  readonly acquired?: string
  readonly avail?: boolean
}

export interface PlaceMessage {
  readonly name?: string
  readonly aliases: readonly string[]
  readonly comment?: string
  readonly tags: Readonly<Record<string, string>>
  readonly matches: readonly MatchMessage[]
  readonly acquired?: string
  readonly acquiredResources: readonly string[]
  readonly allowed: readonly string[]
  readonly changed?: number
  readonly reservation?: string
}

export interface MatchMessage {
  readonly exporter?: string
  readonly group?: string
  readonly cls?: string
  readonly name?: string
  readonly rename?: string
}

export interface ReservationMessage {
  readonly owner?: string
  readonly token?: string
  readonly state?: number
  readonly prio?: number
  readonly filters: Readonly<Record<string, { readonly filter: Readonly<Record<string, string>> }>>
  readonly allocations: Readonly<Record<string, string>>
  readonly created?: number
  readonly timeout?: number
}
