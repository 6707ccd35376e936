import type { MatchMessage, PlaceMessage, ResourceMessage, ValueMessage } from './messages.ts'

/** A board as the coordinator knows it: which of the exported resources belong together. */
export interface Place {
  readonly name: string
  readonly aliases: readonly string[]
  readonly comment: string
  readonly tags: Readonly<Record<string, string>>
  readonly matches: readonly ResourceMatch[]
  /** `HOST/USER` who has acquired it. */
  readonly holder: string | undefined
  /** Of the resources that came with it, while it is acquired. */
  readonly acquiredResources: readonly string[]
  /** Others who may use it while it is acquired. */
  readonly allowed: readonly string[]
  /** ISO 8601, UTC; while it is acquired: mostly since when. */
  readonly changed: string
  /** Token of the reservation it is kept for. */
  readonly reservation: string | undefined
}

/** Patterns with `*`, `?` and `[...]`. */
export interface ResourceMatch {
  readonly exporter: string
  readonly group: string
  readonly cls: string
  readonly name: string | undefined
  /** What the resource is called at the place. */
  readonly rename: string | undefined
}

/** Something that an exporter has: a serial port, an outlet, a file server. */
export interface Resource {
  readonly exporter: string
  readonly group: string
  readonly name: string
  /** `NetworkSerialPort`. */
  readonly cls: string
  readonly params: Readonly<Record<string, ResourceValue>>
  /** What the exporter adds, such as by which machine it is reached. */
  readonly extra: Readonly<Record<string, ResourceValue>>
  /** The place it is in use for; `<broken>`: for none any more. */
  readonly acquired: string
  readonly isAvailable: boolean
}

export type ResourceValue = boolean | number | string | null

/** `lab1/rock3a/NetworkSerialPort/serial`, as the coordinator and labgrid-client write it. */
export function pathOf({ exporter, group, cls, name }: Resource): string {
  return `${exporter}/${group}/${cls}/${name}`
}

export function toPlace(message: PlaceMessage): Place {
  const { name = '', aliases, comment = '', tags, acquired = '', acquiredResources, allowed } = message
  return {
    ...{ name, aliases, comment, tags, acquiredResources, allowed },
    matches: message.matches.map(toMatch),
    holder: acquired === '' ? undefined : acquired,
    changed: toTime(message.changed),
    reservation: message.reservation === '' ? undefined : message.reservation,
  }
}

function toMatch({ exporter = '', group = '', cls = '', name, rename }: MatchMessage): ResourceMatch {
  return { exporter, group, cls, name, rename: rename === '' ? undefined : rename }
}

export function toResource(message: ResourceMessage): Resource {
  const { path = {}, cls = '', acquired = '', avail = false } = message
  const { exporterName: exporter = '', groupName: group = '', resourceName: name = '' } = path
  const values = (map: ResourceMessage['params']) =>
    Object.fromEntries(Object.entries(map).map(([key, value]) => [key, toValue(value)]))
  return {
    ...{ exporter, group, name, cls, acquired, isAvailable: avail },
    params: values(message.params),
    extra: values(message.extra),
  }
}

function toValue({ kind, ...values }: ValueMessage): ResourceValue {
  return kind === undefined ? null : (values[kind] ?? null)
}

/** @param seconds since 1970 */
export function toTime(seconds = 0): string {
  return new Date(Math.round(seconds * 1000)).toISOString()
}

/** A resource of a place, as it is called there. */
export interface PlaceResource {
  readonly name: string
  readonly resource: Resource
}

/** Those that an acquired place has, or any place would have. */
export function resourcesOfPlace(place: Place, resources: Iterable<Resource>): readonly PlaceResource[] {
  const isHeld = place.holder !== undefined
  return [...resources].flatMap((resource) => {
    const match = place.matches.find((one) => isMatch(one, resource))
    const belongs = isHeld ? place.acquiredResources.includes(pathOf(resource)) : match !== undefined
    return belongs ? [{ name: match?.rename ?? resource.name, resource }] : []
  })
}

/** The patterns of a place that no exporter has a resource for, as labgrid-client writes them. */
export function unmatched({ matches }: Place, resources: Iterable<Resource>): readonly string[] {
  const all = [...resources]
  return matches
    .filter((match) => !all.some((resource) => isMatch(match, resource)))
    .map(({ exporter, group, cls, name }) =>
      [exporter, group, cls, ...(name === undefined ? [] : [name])].join('/'),
    )
}

function isMatch(match: ResourceMatch, resource: Resource): boolean {
  return (
    globMatches(match.exporter, resource.exporter) &&
    globMatches(match.group, resource.group) &&
    globMatches(match.cls, resource.cls) &&
    (match.name === undefined || globMatches(match.name, resource.name))
  )
}

/** As Python's `fnmatch` reads patterns: `*`, `?`, `[abc]`, `[!abc]`. */
export function globMatches(pattern: string, text: string): boolean {
  const source = pattern.replaceAll(
    /\[(!?)([^\]]+)\]|[*?]|[\\^$+.()|{}[\]]/g,
    (part, not: string, set?: string) => {
      if (part === '*') return '.*'
      if (part === '?') return '.'
      return set === undefined
        ? `\\${part}`
        : `[${not === '!' ? '^' : ''}${set.replaceAll(/[\\\]^]/g, '\\$&')}]`
    },
  )
  return new RegExp(`^(?:${source})$`, 's').test(text)
}
