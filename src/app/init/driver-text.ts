import { parse } from 'yaml'
import type { DriverKind } from '../../board/driver.ts'
import { didYouMean } from '../../core/did-you-mean.ts'
import { camelCase } from '../../environment/schema/option-names.ts'
import { catalogue } from '../catalogue.ts'

/** A driver as a person names it in one line, with its options as environments spell them. */
export interface NamedDriver {
  readonly driver: string
  readonly options: Readonly<Record<string, unknown>>
}

/**
 * Reads `shelly url=http://10.0.0.40 password={env: SHELLY_PASSWORD}`.
 * @returns a sentence where that is no driver of this kind, or not all that it needs
 */
export function parseDriver(kind: DriverKind, text: string): NamedDriver | string {
  const words = text.trim().match(/(?:[^\s"'{[]|"[^"]*"|'[^']*'|\{[^}]*\}|\[[^\]]*\])+/g) ?? []
  const [name = '', ...assignments] = words
  const drivers = catalogue.filter((driver) => driver.kind === kind)
  const found = drivers.find((driver) => driver.name === name)
  if (found === undefined) {
    const names = drivers.map((driver) => driver.name)
    return `"${name}" is no ${kind} driver${didYouMean(name, names) || `; there are ${names.join(', ')}`}`
  }
  const options: Record<string, unknown> = {}
  for (const assignment of assignments) {
    const at = assignment.indexOf('=')
    if (at < 1) return `"${assignment}" is no option: write NAME=VALUE`
    options[assignment.slice(0, at)] = valueOf(assignment.slice(at + 1))
  }
  const asRead = Object.fromEntries(Object.entries(options).map(([key, value]) => [camelCase(key), value]))
  const { error } = found.schema.safeParse(asRead)
  const [issue] = error?.issues ?? []
  if (issue === undefined) return { driver: name, options }
  const where = issue.path.map(String).join('.')
  const example = `docs/drivers/${kind}.md has its options, and an example`
  return `${name}: ${where === '' ? '' : `"${where}": `}${issue.message}; write ${kind} as "${name} NAME=VALUE ..." (${example})`
}

/** Numbers, booleans and `{env: NAME}` as YAML has them; all else is text, with whatever it holds. */
function valueOf(text: string): unknown {
  try {
    return parse(text) as unknown
  } catch {
    return text
  }
}
