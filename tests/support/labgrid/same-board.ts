import assert from 'node:assert/strict'
import { catalogue } from '../../../src/app/catalogue.ts'
import { showEnvironment } from '../../../src/environment/show-environment.ts'
import { check, checkMarked, writeFiles } from '../environment-files.ts'

const variables = { HOME: '/home/me', LG_BUILDDIR: '/build', LG_PLACE: 'rock3a', LG_PORT: '2001' }
const options = { catalogue, variables, strategies: ['barebox', 'uboot', 'direct'] }

/** Asserts that an environment of labgrid comes to the same as one in the words of ours. */
export async function expectSame(labgrid: string, ours: string): Promise<void> {
  await using files = await writeFiles({ 'labgrid.yaml': labgrid, 'ours.yaml': ours })
  const [made, wanted] = await Promise.all(
    ['labgrid.yaml', 'ours.yaml'].map(async (name) => {
      const { environment, problems } = await check(files, name, options)
      assert.deepEqual(problems, [], name)
      assert.ok(environment !== undefined)
      return showEnvironment(environment, variables).split('\n').slice(1).join('\n')
    }),
  )
  assert.equal(made, wanted)
}

/** What is said of an environment of labgrid that does not mean all that it says, as `line:column: sentence`. */
export async function remarksOn(labgrid: string): Promise<readonly string[]> {
  await using files = await writeFiles({ 'labgrid.yaml': labgrid })
  const { environment, problems } = await check(files, 'labgrid.yaml', options)
  assert.deepEqual(problems, [])
  return (environment?.remarks ?? []).map(({ line, column, message }) => `${line}:${column}: ${message}`)
}

/** Asserts that all problems are where they are marked, and what is said of them. */
export async function expectProblems(labgrid: string, messages: readonly string[]): Promise<void> {
  const { found, marked, ...rest } = await checkMarked({ 'labgrid.yaml': labgrid }, options)
  assert.deepEqual(rest.messages, messages)
  assert.deepEqual(found, marked)
}

/** A target with these resources and drivers, in the lines of a file. */
export function target(lines: string): string {
  return `targets:\n  main:\n${lines.replaceAll(/^(?=.)/gm, '    ')}\n`
}
