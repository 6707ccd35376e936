import { z } from 'zod'
import type { Catalogue, Driver, DriverKind } from '../../board/driver.ts'
import { driverSections } from '../../board/option-types.ts'
import { boardSchema, otherConsoleSettingsSchema, driverKinds } from './board-schema.ts'
import { forEditors, variableDefinition, type JsonSchema } from './schema-for-editors.ts'

/**
 * The JSON Schema of environment files, for editors. It is wider than what hil accepts: a file may
 * hold a part of a board whose rest comes from defaults or a base, and a variable may stand for any
 * value. So an editor never complains about a file that hil takes; `hil env check` has the last word.
 *
 * Draft 07, because every YAML language server reads it.
 */
export function environmentJsonSchema(catalogue: Catalogue): JsonSchema {
  const settings = toEditorSchema(boardSchema)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'hil environment',
    description: 'One or several boards: how they are powered, reached and booted.',
    type: 'object',
    properties: {
      extends: {
        description: 'A file, or several, that this one is laid over; relative to this file.',
        anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
      },
      defaults: describedRef('What holds for every board that does not say otherwise.', 'settings'),
      templates: {
        description: 'Boards to be filled in: ${board.NAME} stands for what a board gives under "with".',
        type: 'object',
        additionalProperties: ref('settings'),
      },
      boards: {
        description: 'The boards, by name.',
        type: 'object',
        propertyNames: { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' },
        additionalProperties: ref('board'),
      },
    },
    additionalProperties: false,
    definitions: {
      settings,
      board: boardDefinition(settings),
      ...Object.fromEntries(driverKinds.flatMap((kind) => kindDefinitions(kind, catalogue))),
      variable: variableDefinition,
    },
  }
}

/** The name of a driver, or a map with its options. */
const sectionTypes = ['object', 'string']

function ref(definition: string): JsonSchema {
  return { $ref: `#/definitions/${definition}` }
}

function describedRef(description: string, definition: string): JsonSchema {
  return { description, allOf: [ref(definition)] }
}

function toEditorSchema(schema: z.ZodType): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-07',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const section = driverSections.get(zodSchema)
      if (section === undefined) return
      // A part of a driver is written out, where a board may name a driver alone.
      const type = jsonSchema.oneOf === undefined ? sectionTypes : 'object'
      delete jsonSchema.oneOf
      Object.assign(jsonSchema, { type, allOf: [ref(section.kind)] })
    },
  })
  return forEditors(json)
}

/** The settings of a board, and what only a named board has. */
function boardDefinition(settings: JsonSchema): JsonSchema {
  const names = Object.keys(settings['properties'] as object)
  const inherited = names.map((name) => [name, ref(`settings/properties/${name}`)])
  return {
    type: ['object', 'null'],
    properties: {
      template: { description: 'The template this board is made from.', type: 'string' },
      with: {
        description: 'The values of this board, for ${board.NAME} in its template and the defaults.',
        type: 'object',
      },
      ...Object.fromEntries(inherited),
    },
    additionalProperties: false,
  }
}

/** `power`, `power-driver` and one `power-NAME` for each driver. */
function kindDefinitions(kind: DriverKind, catalogue: Catalogue): [string, JsonSchema][] {
  const drivers = catalogue.filter((driver) => driver.kind === kind)
  const names = drivers.map(({ name }) => name)
  const definitionOf = (name: string) => `${kind}-${name}`
  const section: JsonSchema = {
    if: { type: 'object' },
    then: {
      properties: { driver: ref(definitionOf('driver')) },
      allOf: [
        ...names.map((name) => ({
          if: { properties: { driver: { const: name } }, required: ['driver'] },
          then: ref(definitionOf(name)),
        })),
        // Options without a driver refine what is inherited.
        {
          if: { not: { required: ['driver'] } },
          then: { anyOf: names.map((name) => ref(definitionOf(name))) },
        },
      ],
    },
    else: ref(definitionOf('driver')),
  }
  const driver: JsonSchema = {
    description: `The driver: ${drivers.map(({ name, summary }) => `${name} (${summary})`).join(', ')}`,
    anyOf: [{ enum: names, enumDescriptions: drivers.map(({ summary }) => summary) }, ref('variable')],
  }
  return [
    [kind, section],
    [definitionOf('driver'), driver],
    ...drivers.map((one): [string, JsonSchema] => [definitionOf(one.name), driverDefinition(one)]),
  ]
}

function driverDefinition({ kind, summary, schema }: Driver): JsonSchema {
  const settings = kind === 'console' ? toEditorSchema(otherConsoleSettingsSchema) : {}
  const options = toEditorSchema(schema)
  return {
    description: summary,
    ...options,
    properties: {
      driver: ref(`${kind}-driver`),
      ...(settings['properties'] as object | undefined),
      ...(options['properties'] as object | undefined),
    },
  }
}
