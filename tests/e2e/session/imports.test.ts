import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { specTsconfig, writeSpecTsconfig } from '../../../src/session/spec-tsconfig.ts'
import { FakeBoard, fakeEnvironment } from '../../support/fake-board.ts'
import { runSpecFiles } from '../../support/run-spec-files.ts'

const strategy = `
  import { defineStrategy, HilError, powerOff, type Console, type Shell } from 'hil'
  import { budget } from './budgets'

  export default defineStrategy<{ off: undefined; up: Shell }>()({
    name: 'mine',
    states: { off: 'without power', up: 'at a shell' },
    rest: 'off',
    reset: powerOff,
    probe: () => Promise.resolve(undefined),
    edges: [
      {
        from: 'off',
        to: 'up',
        budget,
        async enter(board, _off, t) {
          const console = board.takeConsole('mine')
          await board.power.on(t)
          const bootloader = await board.bootloader.interrupt(console, t)
          const linux: Console = await bootloader.boot(await board.plan(t), t)
          if (process.env['HIL_TEST_BROKEN']) throw new HilError('mine.broken', 'mine broke', { blame: 'payload' })
          return board.shell.login(linux, t)
        },
      },
    ],
  })
`

describe('specs and strategies that lie anywhere', () => {
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-anywhere-'))
  })

  afterEach(async () => {
    await rm(directory, { recursive: true })
  })

  async function run(files: Record<string, string>, spec: string) {
    for (const [name, source] of Object.entries(files)) await writeFile(join(directory, name), source)
    const environment = fakeEnvironment(
      { one: new FakeBoard() },
      { strategy: { file: join(directory, 'mine.ts') } },
    )
    return runSpecFiles(environment, { 'a.spec.ts': spec })
  }

  const spec = `import { useBoard } from 'hil'\nconst board = useBoard({ state: 'up' })\nit('a', () => board.shell.runOk('true'))`

  it("use the copy of hil that runs, from a strategy of the user's own", async () => {
    const { results, failures } = await run(
      { 'mine.ts': strategy, 'budgets.ts': `export const budget = '5s'` },
      spec,
    )
    assert.deepEqual(failures, [])
    assert.deepEqual(results, ['a: passed'])
  })

  it('are ES modules with all that they import: a helper of theirs has hil, and may await', async () => {
    const { results, failures } = await run(
      {
        'mine.ts': strategy,
        'budgets.ts': `import 'hil'\nexport const budget = await Promise.resolve('5s')`,
      },
      spec,
    )
    assert.deepEqual(failures, [])
    assert.deepEqual(results, ['a: passed'])
  })

  it('share their errors with it: a blame given by a strategy is the blame of the test', async () => {
    process.env['HIL_TEST_BROKEN'] = '1'
    try {
      const { outcome, failures } = await run(
        { 'mine.ts': strategy, 'budgets.ts': `export const budget = '5s'` },
        spec,
      )
      assert.deepEqual(failures, ['mine broke'])
      assert.equal(outcome.verdict, 'payload-unusable')
    } finally {
      delete process.env['HIL_TEST_BROKEN']
    }
  })

  it('are told where a strategy does not compile', async () => {
    const { outcome: noSyntax } = await run({ 'mine.ts': `export default (` }, spec)
    assert.match((noSyntax.error as Error).message, /mine\.ts:1:16: the strategy does not compile/)
  })

  it('are told that a strategy exports nothing', async () => {
    const { outcome: noExport } = await run({ 'mine.ts': `export const x = 1` }, spec)
    assert.match(
      (noExport.error as Error).message,
      /mine\.ts: a strategy file has to end in "export default .* is missing/,
    )
  })

  it('blame a strategy that throws on the file it stands in', async () => {
    const broken = strategy
      .replace("board.takeConsole('mine')", 'undefined.foo')
      .replace("'./budgets'", "'./budgets.ts'")
    const { failures, outcome } = await run(
      { 'mine.ts': broken, 'budgets.ts': `export const budget = '5s'` },
      spec,
    )
    assert.match(
      failures[0] ?? '',
      /the strategy "mine" \(.*mine\.ts\) threw on the way off -> up: Cannot read/,
    )
    assert.equal(outcome.verdict, 'environment-wrong')
  })

  it('can import mocha by name', async () => {
    const { results } = await runSpecFiles(fakeEnvironment({ one: new FakeBoard() }), {
      'a.spec.mts': `import { describe, it } from 'mocha'\ndescribe('s', () => { it('a', () => {}) })`,
    })
    assert.deepEqual(results, ['s a: passed'])
  })

  it('may be plain JavaScript', async () => {
    const source = `import { useBoard } from 'hil'\nimport { n } from './n.js'\nuseBoard()\nit('a', () => { if (n !== 1) throw n })`
    for (const name of ['a.spec.js', 'a.spec.mjs']) {
      const { failures, results } = await runSpecFiles(fakeEnvironment({ one: new FakeBoard() }), {
        [name]: source,
        'n.js': `exports.n = 1`,
      })
      assert.deepEqual(failures, [])
      assert.deepEqual(results, ['a: passed'])
    }
  })

  it('type-check with the tsconfig.json that hil writes, those in the guides included', async () => {
    const good = `
      import assert from 'node:assert/strict'
      import { useBoard } from 'hil'
      describe('boot', () => {
        const board = useBoard({ state: 'shell' })
        it('works', async () => {
          const { stdout } = await board.shell.run('uname -r', { timeout: '3s' })
          assert.ok(stdout)
          const match = await board.console.expect({ one: 'a', two: /b/ })
          const which: 'one' | 'two' = match.which
          assert.ok(which)
        })
      })
    `
    await writeFile(join(directory, 'good.spec.ts'), good)
    await writeFile(join(directory, 'mine.ts'), strategy)
    await writeFile(join(directory, 'budgets.ts'), `export const budget = '5s'`)
    await writeFile(join(directory, 'docs.spec.ts'), await exampleOf('specs.md', 'boot.spec.ts'))
    await writeFile(join(directory, 'docs-strategy.ts'), await exampleOf('strategies.md', 'my-strategy.ts'))
    await writeSpecTsconfig(directory)
    assert.equal(await typeErrors(directory), '')

    await writeFile(join(directory, 'bad.ts'), strategy.replace("to: 'up'", "to: 'upp'"))
    await writeFile(
      join(directory, 'bad.spec.ts'),
      good.replace("state: 'shell'", 'state: 3').replace("'3s'", 'true'),
    )
    const errors = await typeErrors(directory)
    assert.match(errors, /bad\.ts\(\d+,\d+\): error/)
    assert.match(errors, /bad\.spec\.ts\(5,34\): error.*number/)
    assert.match(errors, /bad\.spec\.ts\(7,\d+\): error.*'true'/)
  }).timeout(60_000)

  it('keep a tsconfig.json that is there', async () => {
    await writeFile(join(directory, 'tsconfig.json'), '{}')
    await assert.rejects(writeSpecTsconfig(directory), { code: 'EEXIST' })
    assert.ok('compilerOptions' in specTsconfig())
  })
})

/** The block of a guide in docs/ that begins with the name of its file. */
async function exampleOf(guide: string, file: string): Promise<string> {
  const text = await readFile(new URL(`../../../docs/${guide}`, import.meta.url), 'utf8')
  const block = text.split('```ts\n').find((part) => part.startsWith(`// ${file}\n`))
  return block?.split('```')[0] ?? assert.fail(`docs/${guide} has no ${file}`)
}

const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url))

async function typeErrors(directory: string): Promise<string> {
  try {
    await promisify(execFile)(process.execPath, [tsc, '--project', directory])
    return ''
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}
