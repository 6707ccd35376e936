import type { MapNode, Node } from '../source/node.ts'
import { resourceClasses } from './classes.ts'

const ours = ['boards', 'defaults', 'templates', 'extends']

/** Whether a file is an environment of labgrid: it describes targets, and nothing in the words of ours. */
export function isLabgridEnvironment(root: Node): boolean {
  return root.kind === 'map' && root.entries.has('targets') && !ours.some((key) => root.entries.has(key))
}

/** Whether a file is the configuration of labgrid's exporter: groups of resources. */
export function isExporterConfiguration({ entries }: MapNode): boolean {
  const groups = [...entries].filter(([key]) => !ours.includes(key)).map(([, { value }]) => value)
  return groups.some(
    (group) =>
      group.kind === 'map' && [...group.entries].some(([key, entry]) => isResource(key, entry.value)),
  )
}

/** `RawSerialPort: {...}`, or `console: { cls: RawSerialPort, ... }` */
function isResource(name: string, value: Node): boolean {
  const named = value.kind === 'map' ? value.entries.get('cls')?.value : undefined
  const className = named?.kind === 'scalar' ? String(named.value) : name
  return value.kind === 'map' && resourceClasses.includes(className)
}
