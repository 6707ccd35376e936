import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bisectionVersion } from '../../../src/core/bisection-record.ts'
import { bisectionJsonSchema, parseBisection } from '../../../src/core/bisection-schema.ts'
import { simulateBisection, type SimulationOptions } from '../../support/bisections/simulate-bisection.ts'

function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8')
}

function sentenceOf(value: unknown): string {
  try {
    parseBisection(value, 'bisect.json')
  } catch (error) {
    if (error instanceof Error) return error.message
  }
  return assert.fail('it was taken')
}

describe('the record of a bisection, read back', () => {
  const { record } = simulateBisection()
  const asRead = JSON.parse(JSON.stringify(record)) as Record<string, unknown>

  it('is what was written, whatever the bisection came to', () => {
    const all: readonly SimulationOptions[] = [
      {},
      { merges: true, brokenBuilds: 0.4, benchFailures: 0.2, otherFailures: 0.1 },
      { change: 'fix', failureRate: 0.5, boards: ['a', 'b'] },
      { stopAfter: 5 },
      { culprit: 'none' },
      { signature: { kind: 'boot', code: 'kernel.hang', stage: 'kernel', message: 'silent' } },
    ]
    for (const options of all) {
      const written = simulateBisection(options).record
      assert.deepEqual(parseBisection(JSON.parse(JSON.stringify(written)), 'bisect.json'), written)
    }
  })

  it('keeps what a later hil of the same format may have added', () => {
    const later = { ...asRead, mood: 'hopeful' }
    assert.deepEqual(parseBisection(later, 'bisect.json'), later)
  })

  it('is refused in one sentence where it is newer', () => {
    assert.equal(
      sentenceOf({ version: bisectionVersion + 1 }),
      `bisect.json can't be read as the record of a bisection: it was written by a newer hil (format ${bisectionVersion + 1}; this one reads up to ${bisectionVersion})`,
    )
  })

  it('is refused in one sentence that names the place where it is damaged', () => {
    const [probe] = record.probes
    const damaged = { ...asRead, probes: [probe, { ...probe, outcome: 'maybe' }] }
    assert.match(
      sentenceOf(damaged),
      /^bisect\.json can't be read .*: probes\.1\.outcome: Invalid option: .*$/,
    )
    const { boards: _, ...withoutBoards } = asRead
    assert.match(sentenceOf(withoutBoards), /: boards: Invalid input: expected array, received undefined$/)
    for (const value of [null, [], 'text', 1, {}])
      assert.match(sentenceOf(value), /^bisect\.json can't be read/)
  })
})

describe('schemas/bisection.schema.json', () => {
  const text = read('schemas/bisection.schema.json')

  it('is what hil reads today; "npm run schema" writes it', () => {
    assert.deepEqual(JSON.parse(text), bisectionJsonSchema())
  })

  it('names every field of a record', () => {
    const fields = [...read('src/core/bisection-record.ts').matchAll(/readonly (\w+)\??:/g)].map(
      ([, field]) => field ?? '',
    )
    assert.ok(fields.length > 60)
    assert.deepEqual(
      fields.filter((field) => !text.includes(`"${field}": {`)),
      [],
    )
  })
})
