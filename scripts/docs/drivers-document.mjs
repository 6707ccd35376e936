import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { stringify } from 'yaml'
import { z } from 'zod'
import { driverSections } from '../../src/board/option-types.ts'
import { kebabCase } from '../../src/environment/schema/option-names.ts'
import { cell, optionsTable } from './options-table.mjs'

/**
 * The documents of a catalogue's drivers, by their paths in docs/: drivers.md, an index, and a page for each kind, with
 * every driver's options as the schemas have them, and the YAML that names it.
 *
 * @param {import('../../src/board/driver.ts').Catalogue} catalogue
 * @returns {Promise<Map<string, string>>}
 */
export async function driverDocuments(catalogue) {
  const kinds = Object.entries(titles).map(([kind, title]) => ({
    page: `drivers/${kind}.md`,
    title,
    drivers: catalogue
      .filter((driver) => driver.kind === kind)
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
  }))
  return new Map(
    await Promise.all([
      written('drivers.md', [introduction, ...kinds.flatMap(indexPart)]),
      ...kinds.map((kind) => written(kind.page, pageParts(kind))),
    ]),
  )
}

/**
 * @param {string} path
 * @param {readonly string[]} parts
 * @returns {Promise<[string, string]>}
 */
async function written(path, parts) {
  const filepath = fileURLToPath(new URL(`../../docs/${path}`, import.meta.url))
  return [path, await format(parts.join('\n\n'), { ...(await resolveConfig(filepath)), filepath })]
}

const made = '<!-- Made by `npm run schema` from the drivers themselves: edit those. -->'

const introduction = `# Drivers

${made}

Every driver that an environment can name; each links to its options and an example. \`hil env check\` knows them too, and so does your editor ([environments](environments.md)). What is missing is [one file and one line](writing-a-driver.md).

A driver marked **unverified** was tested against a stand-in of hil's own only: no device, and no other program for that device, has confirmed it yet. \`hil env check\` says so where one is used. All others are tested with the real thing, or with a stand-in that another program for the same device (labgrid's, pdudaemon's, a vendor's tool) accepts as one.`

/**
 * All kinds, in the order in which somebody with a new board needs them.
 *
 * @type {Readonly<Record<import('../../src/board/driver.ts').DriverKind, string>>}
 */
const titles = {
  power: 'Power switches',
  console: 'Consoles',
  machine: 'Machines',
  bootloader: 'Bootloaders',
  shell: 'Shells',
  ssh: 'Logins over the network',
  storage: 'Media that board and host have in turn',
  recovery: 'Bootloaders by USB',
}

/** @typedef {{ page: string, title: string, drivers: readonly import('../../src/board/driver.ts').Driver[] }} Kind */

/** @param {Kind} kind */
function indexPart({ page, title, drivers }) {
  const rows = drivers.map(
    ({ name, summary, unverified }) =>
      `| [\`${name}\`](${page}#${name}) | ${cell(summary)}${unverified === undefined ? '' : ' **Unverified.**'} |`,
  )
  return [`## ${title}`, ['| driver | what it is |', '| --- | --- |', ...rows].join('\n')]
}

/** @param {Kind} kind */
function pageParts({ title, drivers }) {
  return [`# ${title}`, made, 'Of [all drivers](../drivers.md).', ...drivers.flatMap(driverParts)]
}

/** @param {import('../../src/board/driver.ts').Driver} driver */
function driverParts({ kind, name, summary, schema, unverified }) {
  const json = /** @type {import('./options-table.mjs').Json} */ (
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: amend })
  )
  return [
    `## ${name}`,
    `${summary}${unverified === undefined ? '' : ` **Unverified**: ${unverified}.`}`,
    `\`\`\`yaml\n${exampleOf(kind, name, json)}\`\`\``,
    optionsTable(json),
  ]
}

/**
 * A part is any driver of its kind, which has its own place in these documents. And zod forgets the examples of what
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
 * @param {import('./options-table.mjs').Json} schema
 */
function exampleOf(kind, name, schema) {
  const options = requiredOptions(schema)
  return stringify({ [kind]: Object.keys(options).length === 0 ? name : { driver: name, ...options } })
}

/**
 * @param {import('./options-table.mjs').Json} schema
 * @returns {Record<string, unknown>}
 */
function requiredOptions({ properties = {}, required = [], examples }) {
  if (examples !== undefined) return /** @type {Record<string, unknown>} */ (examples[0])
  return Object.fromEntries(required.map((key) => [kebabCase(key), valueFor(properties[key] ?? {}, key)]))
}

/**
 * A value that the schema takes.
 *
 * @param {import('./options-table.mjs').Json} schema
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
