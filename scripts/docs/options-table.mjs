import { kebabCase } from '../../src/environment/schema/option-names.ts'

/**
 * @typedef {{
 *   type?: string | string[], const?: unknown, enum?: unknown[], examples?: unknown[], default?: unknown, description?: string,
 *   anyOf?: Json[], oneOf?: Json[], properties?: Record<string, Json>, required?: string[], items?: Json,
 *   minimum?: number, minItems?: number, additionalProperties?: Json | boolean
 * }} Json
 */

/**
 * The options of a driver as a table in Markdown.
 *
 * @param {Json} schema
 */
export function optionsTable(schema) {
  const rows = rowsOf('', schema)
  if (rows.length === 0) return 'It has no options.'
  return ['| option | what it says | if absent |', '| --- | --- | --- |', ...rows].join('\n')
}

/** @param {string} text */
export function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

/**
 * Rows for the options of a map. Where a constant says which of several maps it is, such as the name of a fault, it stands
 * in the names of the others.
 *
 * @param {string} name
 * @param {Json} map
 * @returns {string[]}
 */
function rowsOf(name, { properties = {}, required = [] }) {
  const which = Object.entries(properties).find(
    ([key, { const: value }]) => name !== '' && typeof value === 'string' && required.includes(key),
  )
  const prefix =
    which === undefined
      ? name
      : `${name.replace(/\[\]$/, '')}[${kebabCase(which[0])}: ${String(which[1].const)}]`
  const rows = Object.entries(properties)
    .filter(([key]) => key !== which?.[0])
    .flatMap(([key, option]) =>
      optionRows([prefix, kebabCase(key)].filter(Boolean).join('.'), option, required.includes(key)),
    )
  return which === undefined ? rows : [`| \`${prefix}\` | ${cell(which[1].description ?? '')} | |`, ...rows]
}

/**
 * A row for an option, and for each option inside of it.
 *
 * @param {string} name
 * @param {Json} option
 * @param {boolean} isRequired
 * @returns {string[]}
 */
function optionRows(name, option, isRequired) {
  const absent = isRequired ? 'must be there' : defaultText(option.default)
  const row = `| \`${name}\` | ${cell(option.description ?? '')}${choices(option)} | ${absent} |`
  return [row, ...mapsIn(option).flatMap(([path, map]) => rowsOf(`${name}${path}`, map))]
}

/**
 * The maps that an option may be, or be a list of. A list of what it may be itself is not told again.
 *
 * @param {Json} option
 * @returns {[path: string, map: Json][]}
 */
function mapsIn(option) {
  if (isSecret(option)) return []
  if (option.properties !== undefined) return [['', option]]
  if (option.items !== undefined) return mapsIn(option.items).map(([path, map]) => [`[]${path}`, map])
  const branches = [...(option.anyOf ?? []), ...(option.oneOf ?? [])]
  const single = branches.filter(({ items }) => items === undefined).flatMap(mapsIn)
  return single.length > 0 ? single : branches.flatMap(mapsIn)
}

/**
 * Whether it is a reference to a secret, whose description says how one is written.
 *
 * @param {Json} option
 */
function isSecret({ anyOf, oneOf }) {
  const keys = [...(anyOf ?? []), ...(oneOf ?? [])].map(({ properties = {} }) =>
    Object.keys(properties).join(),
  )
  return keys.length === 2 && keys.includes('env') && keys.includes('file')
}

/** @param {Json} option */
function choices(option) {
  const values = [option, ...(option.anyOf ?? [])].flatMap(
    ({ enum: several, const: one }) => several ?? [one],
  )
  const written = values.filter((value) => value !== undefined).map((value) => `\`${String(value)}\``)
  return written.length === 0 ? '' : ` ${written.length === 1 ? 'Only' : 'One of'} ${written.join(', ')}.`
}

/** @param {unknown} fallback */
function defaultText(fallback) {
  const isEmpty =
    fallback === undefined ||
    fallback === '' ||
    (typeof fallback === 'object' && Object.keys(fallback ?? {}).length === 0)
  return isEmpty ? '' : `\`${typeof fallback === 'string' ? cell(fallback) : JSON.stringify(fallback)}\``
}
