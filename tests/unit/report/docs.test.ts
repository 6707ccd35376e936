import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { eventsVersion } from '../../../src/core/events.ts'
import { toSummary } from '../../../src/report/files/summary.ts'
import { makeTest, ScriptedRun, timeoutError } from './script-run.ts'

function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8')
}

/** The names of all fields in some data, however deep. */
function fieldsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(fieldsOf)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...fieldsOf(inner)])
}

describe('docs/reports.md', () => {
  const page = read('docs/reports.md')

  it('names every field of summary.json', () => {
    const test = makeTest(['boots'])
    const run = new ScriptedRun()
      .take()
      .load(test)
      .start(test)
      .enter('off', 'shell', 1)
      .fail(test, timeoutError)
    run.emit({ type: 'note', level: 'info', message: 'x' }).finish('board-failed')
    const summary = { ...toSummary(run.record), versions: {}, boards: [] }
    const fields = [...new Set(fieldsOf(summary))].filter((field) => field !== 'sim')
    assert.deepEqual(
      fields.filter((field) => !new RegExp(`[\`{ ]${field}[\`,\\[} :]`).test(page)),
      [],
    )
  })
})

describe('docs/events.md', () => {
  const page = read('docs/events.md')
  const source = read('src/core/events.ts')

  /** The row of a type in the table. */
  const rowOf = (type: string) => page.split('\n').find((line) => line.startsWith(`| \`${type}\``)) ?? ''

  it('has a row for every type of event', () => {
    const types = [...source.matchAll(/readonly type: '([\w-]+)'/g)].map(([, type]) => type ?? '')
    assert.ok(types.length > 20)
    assert.deepEqual(
      types.filter((type) => rowOf(type) === ''),
      [],
    )
  })

  it('names every field of every type, and says which may be missing', () => {
    const bodies = [...source.matchAll(/^export interface \w+[^{]*\{\n((?: {2}.*\n|\n)*)\}/gm)].map(
      ([, body]) => body ?? '',
    )
    const wrong = bodies.flatMap((body) => {
      const [, type] = /^ {2}readonly type: '([\w-]+)'/m.exec(body) ?? []
      if (type === undefined) return []
      const fields = [...body.matchAll(/^ {2}readonly (\w+\??):/gm)].map(([, field]) => field ?? '')
      const isThere = (field: string) =>
        new RegExp(`\`${field.replace('?', '\\?')}(?:\\[\\])?[\`:]`).test(rowOf(type))
      return fields.filter((field) => field !== 'type' && !isThere(field)).map((field) => `${type}: ${field}`)
    })
    assert.deepEqual(wrong, [])
  })

  it('has the version', () => {
    assert.ok(page.includes(`\`eventsVersion\`, now ${eventsVersion}.`))
    assert.match(page, new RegExp(`^\\| ${eventsVersion} +\\|`, 'm'))
  })
})
