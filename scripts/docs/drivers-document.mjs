import { format, resolveConfig } from 'prettier'
import { stringify } from 'yaml'
import { z } from 'zod'
import { driverSections } from '../../src/board/option-types.ts'
import { kebabCase } from '../../src/environment/schema/option-names.ts'

/**
 * docs/drivers.md: every driver of a catalogue, with the YAML that names it, as the schemas have them.
 *
 * @param {import('../../src/board/driver.ts').Catalogue} catalogue
 */
export async function driversDocument(catalogue) {
  const kinds = [...new Set(catalogue.map(({ kind }) => kind))]
  const parts = kinds.map((kind) =>
    kindPart(
      kind,
      catalogue.filter((driver) => driver.kind === kind),
    ),
  )
  return format([introduction, ...parts].join('\n\n'), {
    ...(await resolveConfig(new URL(import.meta.url))),
    parser: 'markdown',
  })
}

const introduction = `# Drivers

<!-- Made by \`npm run schema\` from the drivers themselves: edit those. -->

Every driver that an environment can name, with all its options. \`hil env check\` knows them too, and so does your editor ([environments](environments.md)). What is missing is [one file and one line](writing-a-driver.md).

A driver marked **unverified** was tested against a stand-in of hil's own only: no device, and no other program for that device, has confirmed it yet. \`hil env check\` says so where one is used. All others are tested with the real thing, or with a stand-in that another program for the same device (labgrid's, pdudaemon's, a vendor's tool) accepts as one.`

/** @type {Readonly<Record<string, string>>} */
const titles = {
  machine: 'Machines',
  power: 'Power switches',
  console: 'Consoles',
  bootloader: 'Bootloaders',
  shell: 'Shells',
  ssh: 'Logins over the network',
  storage: 'Media that board and host have in turn',
  recovery: 'Bootloaders by USB',
}

/**
 * @param {string} kind
 * @param {readonly import('../../src/board/driver.ts').Driver[]} drivers
 */
function kindPart(kind, drivers) {
  const rows = drivers.map(
    ({ name, summary, unverified }) =>
      `| [\`${name}\`](#${anchor(kind, name)}) | ${cell(summary)} | ${unverified === undefined ? 'yes' : '**unverified**'} |`,
  )
  return [
    `## ${titles[kind] ?? kind}`,
    ['| driver | what it is | verified |', '| --- | --- | --- |', ...rows].join('\n'),
    ...drivers.map(driverPart),
  ].join('\n\n')
}

/** @param {import('../../src/board/driver.ts').Driver} driver */
function driverPart({ kind, name, summary, schema, unverified }) {
  const json = /** @type {Json} */ (
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: amend })
  )
  return [
    `### ${kind}: ${name}`,
    `${summary}${unverified === undefined ? '' : ` **Unverified**: ${unverified}.`}`,
    `\`\`\`yaml\n${exampleOf(kind, name, json)}\`\`\``,
    optionsTable(json),
  ].join('\n\n')
}

/**
 * A part is any driver of its kind, which has its own place in this document. And zod forgets the examples of what
 * has a duration in it.
 *
 * @param {{ zodSchema: import('zod').core.$ZodTypes, jsonSchema: import('zod').core.JSONSchema.JSONSchema }} found
 */
function amend({ zodSchema, jsonSchema }) {
  if (driverSections.get(zodSchema) !== undefined) delete jsonSchema.oneOf
  const { examples } = z.globalRegistry.get(zodSchema) ?? {}
  if (Array.isArray(examples)) jsonSchema.examples = /** @type {never[]} */ (examples)
}

/**
 * The least that an environment has to say, in YAML.
 *
 * @param {string} kind
 * @param {string} name
 * @param {Json} schema
 */
function exampleOf(kind, name, schema) {
  const options = requiredOptions(schema)
  return stringify({ [kind]: Object.keys(options).length === 0 ? name : { driver: name, ...options } })
}

/**
 * @typedef {{
 *   type?: string | string[], const?: unknown, enum?: unknown[], examples?: unknown[], default?: unknown, description?: string,
 *   anyOf?: Json[], oneOf?: Json[], properties?: Record<string, Json>, required?: string[], items?: Json,
 *   minimum?: number, minItems?: number, additionalProperties?: Json | boolean
 * }} Json
 */

/**
 * @param {Json} schema
 * @returns {Record<string, unknown>}
 */
function requiredOptions({ properties = {}, required = [], examples }) {
  if (examples !== undefined) return /** @type {Record<string, unknown>} */ (examples[0])
  return Object.fromEntries(required.map((key) => [kebabCase(key), valueFor(properties[key] ?? {}, key)]))
}

/**
 * A value that the schema takes.
 *
 * @param {Json} schema
 * @param {string} key
 * @returns {unknown}
 */
function valueFor(schema, key) {
  const { type, examples, anyOf, oneOf, items = {} } = schema
  if (examples !== undefined) return examples[0]
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  const [branch] = anyOf ?? oneOf ?? []
  if (branch !== undefined) return valueFor(branch, key)
  if (type === 'object') return requiredOptions(schema)
  if (type === 'array') return [valueFor(items, key)]
  if (type === 'integer' || type === 'number') return Math.max(schema.minimum ?? 1, 1)
  if (type === 'boolean') return true
  return kebabCase(key)
}

/** @param {Json} schema */
function optionsTable({ properties = {}, required = [] }) {
  const rows = Object.entries(properties).flatMap(([key, option]) =>
    optionRows(kebabCase(key), option, required.includes(key)),
  )
  if (rows.length === 0) return 'It has no options.'
  return ['| option | what it says | if absent |', '| --- | --- | --- |', ...rows].join('\n')
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
  return [
    row,
    ...insideOf(option).flatMap(([path, { properties = {}, required = [] }]) =>
      Object.entries(properties).flatMap(([key, inner]) =>
        optionRows(`${name}${path}.${kebabCase(key)}`, inner, required.includes(key)),
      ),
    ),
  ]
}

/**
 * The maps that an option may be, or be a list of.
 *
 * @param {Json} option
 * @returns {[path: string, map: Json][]}
 */
function insideOf(option) {
  if (option.description?.startsWith('A reference to a secret')) return []
  if (option.properties !== undefined) return [['', option]]
  if (option.items !== undefined) return insideOf(option.items).map(([path, map]) => [`[]${path}`, map])
  return [...(option.anyOf ?? []), ...(option.oneOf ?? [])].flatMap(insideOf)
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
    fallback === undefined || (typeof fallback === 'object' && Object.keys(fallback ?? {}).length === 0)
  return isEmpty ? '' : `\`${typeof fallback === 'string' ? cell(fallback) : JSON.stringify(fallback)}\``
}

/**
 * @param {string} kind
 * @param {string} name
 */
function anchor(kind, name) {
  return `${kind}-${name}`
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
