import assert from 'node:assert/strict'
import { HilError } from '../../../src/core/errors.ts'
import { FakeBoard, fakeEnvironment } from '../../support/fake-board.ts'
import { runSpecFiles, type SpecRunResult } from '../../support/run-spec-files.ts'

type Options = Parameters<typeof runSpecFiles>[2]

describe('what is wrong before a board is touched', () => {
  let board: FakeBoard

  beforeEach(() => {
    board = new FakeBoard()
  })

  function run(files: Record<string, string>, options: Options = {}) {
    return runSpecFiles(fakeEnvironment({ one: board }), files, options)
  }

  function assertRefused({ outcome, of }: SpecRunResult, code: string, message: RegExp): void {
    assert.ok(outcome.error instanceof HilError, String(outcome.error))
    assert.equal(outcome.error.code, code)
    assert.match(outcome.error.message, message)
    assert.equal(outcome.error.blame, 'environment')
    assert.equal(outcome.verdict, 'environment-wrong')
    assert.equal(outcome.exitCode, 2)
    assert.equal(of('run-finished')[0]?.error?.code, code)
    assert.deepEqual(board.log, [])
    assert.deepEqual(of('board-taken'), [])
  }

  it('names file, line and column of a spec that does not compile', async () => {
    const result = await run({ 'a.spec.ts': `it('a', () => {\n  const = 3\n})` })
    assertRefused(
      result,
      'spec.does-not-compile',
      /a\.spec\.ts:2:8: the spec does not compile: Expected identifier/,
    )
  })

  it('names the file in which a mistake is, when that is not the spec itself', async () => {
    const result = await run({
      'a.spec.ts': `import { x } from './help.ts'\nit('a', x)`,
      'help.ts': `export const x =\n`,
    })
    assertRefused(result, 'spec.does-not-compile', /help\.ts:\d+:\d+: the spec does not compile/)
  })

  it('names the line at which a spec throws while it is loaded', async () => {
    const result = await run({ 'a.spec.ts': `describe('x', () => {\n  JSON.parse('{')\n})` })
    assertRefused(result, 'spec.failed-to-load', /a\.spec\.ts:2:8: the spec cannot be loaded: .*JSON/)
  })

  it('names file, line and column of an import that does not exist', async () => {
    const result = await run({
      'a.spec.ts': `// from './nowhere.ts'\nimport {\n  x,\n} from './nowhere.ts'\nit('a', x)`,
    })
    assertRefused(
      result,
      'spec.failed-to-load',
      /\/a\.spec\.ts:4:8: the spec cannot be loaded: Cannot find module .*nowhere\.ts/,
    )
  })

  it('names the file in which the import is, when that is not the spec itself', async () => {
    const result = await run({
      'a.spec.ts': `import { x } from './help.ts'\nit('a', x)`,
      'help.ts': `\nconst { x } = await import("no-such-package/x")\nexport { x }\n`,
    })
    assertRefused(
      result,
      'spec.failed-to-load',
      /\/help\.ts:2:28: the spec cannot be loaded: Cannot find package 'no-such-package'/,
    )
  })

  it('says what is missing when a spec is not there', async () => {
    const result = await run({}, { specs: ['/nowhere/a.spec.ts'] })
    assertRefused(result, 'spec.missing', /the spec \/nowhere\/a\.spec\.ts cannot be read/)
  })

  it('reports every file that cannot be loaded', async () => {
    const result = await run({
      'a.spec.ts': `const = 1`,
      'b.spec.ts': `it('b', () => {})`,
      'c.spec.ts': `const = 2`,
    })
    assertRefused(result, 'spec.failed-to-load', /a\.spec\.ts:1:6.*\n.*c\.spec\.ts:1:6/)
  })

  it('takes a spec without tests for a mistake', async () => {
    const result = await run({ 'a.spec.ts': `describe('x', () => {})`, 'b.spec.ts': `it('b', () => {})` })
    assertRefused(result, 'spec.no-tests', /a\.spec\.ts has no tests/)
  })

  it('takes a --grep that matches nothing for a mistake', async () => {
    const result = await run({ 'a.spec.ts': `it('a', () => {})` }, { grep: 'b' })
    assertRefused(result, 'spec.no-tests', /no test matches --grep "b"/)
  })

  it('refuses a --grep that is no regular expression', async () => {
    const result = await run({ 'a.spec.ts': `it('a', () => {})` }, { grep: '(' })
    assertRefused(result, 'spec.bad-grep', /--grep "\(" is no regular expression/)
  })

  it('suggests the board that was meant, on the command line and in a spec', async () => {
    const selected = await run({ 'a.spec.ts': `it('a', () => {})` }, { boards: ['onee'] })
    assertRefused(selected, 'environment.unknown-board', /no board "onee" in .*; did you mean "one"\?/)
    const named = await run({
      'a.spec.ts': `import { useBoard } from 'hil'\nuseBoard({ board: 'two' })\nit('a', () => {})`,
    })
    assertRefused(
      named,
      'environment.unknown-board',
      /^\S*a\.spec\.ts:2:1: .*no board "two" in .*; it has one/,
    )
  })

  it('suggests the state that was meant, and says where it stands', async () => {
    const result = await run({
      'a.spec.ts': `import { useBoard } from 'hil'\ndescribe('s', () => {\n  const board = useBoard({ state: 'shel' })\n  it('a', () => {})\n})`,
    })
    assertRefused(
      result,
      'strategy.unknown-state',
      /^\S*a\.spec\.ts:3:17: the strategy "barebox" of board "one" has no state "shel"; did you mean "shell"/,
    )
  })

  it('suggests the default state that was meant, also where every spec names its own', async () => {
    const spec = `import { useBoard } from 'hil'\nuseBoard({ state: 'shell' })\nit('a', () => {})`
    const result = await run({ 'a.spec.ts': spec }, { state: 'shel' })
    assertRefused(result, 'strategy.unknown-state', /no state "shel"; did you mean "shell"/)
  })

  it('says that a spec ended its process while it was loaded', async () => {
    const result = await run({ 'a.spec.ts': `process.exit(0)` })
    assertRefused(result, 'spec.failed-to-load', /a\.spec\.ts ended with code 0/)
  })

  it('suggests the strategy that was meant', async () => {
    const environment = fakeEnvironment({ one: board }, { strategy: { name: 'bareboks' } })
    const result = await runSpecFiles(environment, { 'a.spec.ts': `it('a', () => {})` })
    assertRefused(result, 'strategy.unknown', /there is no strategy "bareboks"; did you mean "barebox"\?/)
  })
})
