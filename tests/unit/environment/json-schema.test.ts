import assert from 'node:assert/strict'
import { environmentJsonSchema } from '../../../src/environment/schema/json-schema.ts'
import { smallCatalogue } from '../../support/small-catalogue.ts'

type Json = Readonly<Record<string, unknown>>

const schema = environmentJsonSchema(smallCatalogue)
const variable = { $ref: '#/definitions/variable' }

/** The part of the schema at a path such as `definitions/power-command/properties/on`. */
function at(path: string): Json {
  return path.split('/').reduce<Json>((part, key) => part[key] as Json, schema)
}

function everyPart(part: unknown, visit: (part: Json) => void): void {
  if (typeof part !== 'object' || part === null) return
  visit(part as Json)
  for (const child of Object.values(part)) everyPart(child, visit)
}

describe('The JSON Schema of environments', () => {
  it('offers the drivers of each kind, with what they are', () => {
    const driver = at('definitions/power-driver')
    assert.deepEqual(driver['anyOf'], [
      { enum: ['command', 'manual'], enumDescriptions: ['Two commands of yours.', 'A person.'] },
      variable,
    ])
  })

  it('knows the options of the driver that is chosen, and those of all where none is', () => {
    const { allOf } = at('definitions/power/then') as { allOf: Json[] }
    assert.deepEqual(allOf[0], {
      if: { properties: { driver: { const: 'command' } }, required: ['driver'] },
      then: { $ref: '#/definitions/power-command' },
    })
    assert.deepEqual(allOf[2], {
      if: { not: { required: ['driver'] } },
      then: { anyOf: [{ $ref: '#/definitions/power-command' }, { $ref: '#/definitions/power-manual' }] },
    })
    const { properties, additionalProperties } = at('definitions/power-command')
    assert.deepEqual(Object.keys(properties as Json), ['driver', 'on', 'off', 'timeout'])
    assert.equal(additionalProperties, false)
  })

  it('keeps descriptions and defaults', () => {
    assert.deepEqual(at('definitions/console-serial/properties/baud'), {
      description: 'Baud rate.',
      default: 115200,
      anyOf: [{ type: 'integer', minimum: 1 }, variable],
    })
    assert.equal(at('definitions/settings/properties/after')['default'], 'off')
    assert.equal(at('definitions/settings/properties/timeouts/properties/command')['default'], '30s')
  })

  it('writes a default as a file has to', () => {
    assert.equal(at('definitions/bootloader-barebox/properties/program')['default'], '$${BASH:-sh}')
  })

  it('has the settings of every console with each console driver', () => {
    const keys = Object.keys(at('definitions/console-serial/properties'))
    assert.deepEqual(keys, [
      'driver',
      'char-delay',
      'line-delay',
      'reconnect',
      'only-with-power',
      'kernel-log',
      'fail-on',
      'port',
      'baud',
      'parity',
      'url',
    ])
  })

  it('spells keys as environments do', () => {
    assert.ok('autoboot-timeout' in at('definitions/machine-simulator/properties'))
    assert.ok('interrupt-key' in at('definitions/bootloader-barebox/properties'))
  })

  it('takes a variable wherever no text would do', () => {
    everyPart(schema['definitions'], (part) => {
      const { type } = part as { type?: string }
      if (type !== 'integer' && type !== 'number' && type !== 'boolean') return
      assert.equal('description' in part, false, `${JSON.stringify(part)} is not inside of an anyOf`)
    })
    const { pattern } = at('definitions/variable') as { pattern: string }
    assert.match('${BAUD:-9600}', new RegExp(pattern))
    assert.doesNotMatch('fast', new RegExp(pattern))
  })

  it('requires nothing, since the rest can come from defaults, a template or a base', () => {
    const { definitions, ...root } = schema
    assert.equal('required' in root, false)
    everyPart(definitions, (part) => {
      if ('required' in part) assert.deepEqual(part['required'], ['driver'])
    })
  })

  it('takes null for every key, which takes out what is inherited', () => {
    assert.deepEqual(at('definitions/settings/properties/strategy')['type'], ['string', 'null'])
    assert.deepEqual(at('definitions/settings/properties/machine')['type'], ['object', 'string', 'null'])
    assert.deepEqual(at('definitions/shell-linux/properties/password')['anyOf'], [
      {
        type: 'object',
        properties: {
          env: {
            description: 'Name of the environment variable that holds the secret.',
            type: ['string', 'null'],
            minLength: 1,
          },
        },
        additionalProperties: false,
      },
      {
        type: 'object',
        properties: {
          file: {
            description: 'File whose first line is the secret.',
            type: ['string', 'null'],
            minLength: 1,
          },
        },
        additionalProperties: false,
      },
      { type: 'null' },
    ])
  })
})
