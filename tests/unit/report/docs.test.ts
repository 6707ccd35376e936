import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
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

  it('names every type of event', () => {
    const types = [...read('src/core/events.ts').matchAll(/readonly type: '([\w-]+)'/g)].map(
      ([, type]) => type ?? '',
    )
    assert.ok(types.length > 15)
    assert.deepEqual(
      types.filter((type) => !page.includes(`\`${type}\``)),
      [],
    )
  })

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
