import type { Update } from './messages.ts'
import { toPlace, toResource, type Place, type Resource } from './place.ts'

/** What a coordinator has told of itself so far. */
export class Mirror {
  readonly #places = new Map<string, Place>()
  readonly #resources = new Map<string, Resource>()

  get places(): ReadonlyMap<string, Place> {
    return this.#places
  }

  get resources(): Iterable<Resource> {
    return this.#resources.values()
  }

  /** What is none of these is of a newer release, and nothing that clients cannot do without. */
  apply({ resource, delResource, place, delPlace }: Update): void {
    if (resource !== undefined) {
      const known = toResource(resource)
      this.#resources.set(keyOf(known.exporter, known.group, known.name), known)
    } else if (delResource !== undefined) {
      const { exporterName = '', groupName = '', resourceName = '' } = delResource
      this.#resources.delete(keyOf(exporterName, groupName, resourceName))
    } else if (place !== undefined) {
      const known = toPlace(place)
      this.#places.set(known.name, known)
    } else if (delPlace !== undefined) {
      this.#places.delete(delPlace)
    }
  }
}

/** Without its class: a resource is replaced by one of the same name. */
function keyOf(exporter: string, group: string, name: string): string {
  return [exporter, group, name].join('\0')
}
