import assert from 'node:assert/strict'
import { dryRunText } from '../../../../src/app/nightly/dry-run.ts'
import { expandCells } from '../../../../src/app/nightly/plan/expand-cells.ts'
import { readPlan } from '../../../../src/app/nightly/plan/read-plan.ts'
import { HilError } from '../../../../src/core/errors.ts'
import { writeFiles } from '../../../support/environment-files.ts'
import { simulatedBoards } from '../../../support/simulated-bench.ts'

const spec = "describe('boot', () => it('is nothing', () => undefined))\n"
const environment = `${simulatedBoards(['one', 'two'])}`.replace('  two:\n', '  two:\n    tags: [old]\n')

describe('a plan for nights', () => {
  it('is a matrix without what it excludes, what has the highest priority first', async () => {
    await using files = await writeFiles({
      'env/sim.yaml': environment,
      'tests/boot.spec.ts': spec,
      'plan.yaml': `environment: sim
payloads:
  stock: {}
  args: { bootargs: quiet, priority: 3 }
specs:
  boot: tests/boot.spec.ts
  some: { files: [tests/*.spec.ts], grep: nothing, timeout: 5min, retries: 2, priority: -1 }
exclude:
  - { tag: old, payload: args }
cells: { timeout: 1h }
`,
    })
    const plan = await readPlan('plan.yaml', files.directory)
    const { cells, excluded } = expandCells(plan)
    assert.deepEqual(
      cells.map(({ id, priority }) => `${id} ${priority}`),
      [
        ...['one/args/boot 3', 'one/args/some 2', 'one/stock/boot 0', 'two/stock/boot 0'],
        ...['one/stock/some -1', 'two/stock/some -1'],
      ],
    )
    assert.equal(excluded, 2)
    assert.deepEqual(
      plan.specs.map(({ files: [file], timeoutMs, retries }) => [file, timeoutMs, retries]),
      [
        [files.path('tests/boot.spec.ts'), 3_600_000, 0],
        [files.path('tests/boot.spec.ts'), 300_000, 2],
      ],
    )
    const text = dryRunText(plan, files.directory)
    assert.match(text, /^plan: 6 cells: 2 boards x 2 payloads x 2 specs, 2 left out, with env\/sim\.yaml\n/)
    assert.match(text, /^ {2}one {2}args {3}boot {2}priority 3, 1 h at most$/m)
  })

  const wrong = [
    ['environment: sin', /^plan\.yaml:1:14: no environment "sin".*did you mean "sim"\?$/m],
    ['boards: [three]', /^plan\.yaml:8:9: there is no board "three" in/m],
    ['tags: [new]', /^plan\.yaml:8:7: no board of .* has the tags new; there are old$/m],
    ['time: 8 parsecs', /^plan\.yaml:8:7: "time": "8 parsecs" is no duration/m],
    ['timeout: 5min', /^plan\.yaml:8:1: unknown key "timeout"/m],
    [
      'exclude: [{ payload: stok }]',
      /^plan\.yaml:8:22: there is no payload "stok"; did you mean "stock"\?$/m,
    ],
    ['exclude: [{ board: on }]', /^plan\.yaml:8:20: there is no board "on"/m],
    ['exclude: [{}]', /^plan\.yaml:8:11: .*would exclude every cell$/m],
    ['mail: { to: a@b, from: c@d }', /^plan\.yaml:8:7: a mail goes by "smtp" or by "sendmail"/m],
    [
      'mail: { to: a@b, from: c@d, smtp: { host: h, password: hunter2 } }',
      /^plan\.yaml:8:56: .*written out; expected a reference: \{ env: NAME \} or \{ file: PATH \}$/m,
    ],
    [
      'webhooks: [{ url: hooks.example/T0/secret }]',
      /^plan\.yaml:8:19: .*"url" is no URL; expected one, or a reference: \{ env: NAME \} or \{ file: PATH \}$/m,
    ],
  ] as const
  for (const [line, expected] of wrong) {
    it(`tells at its place what is wrong with ${line}`, async () => {
      const rest = `payloads:
  stock: {}
  built: { branch: HEAD, kernel-tree: tree }
specs:
  boot: boot.spec.ts
# here
`
      const text = line.startsWith('environment') ? `${line}\n${rest}` : `environment: sim\n${rest}${line}\n`
      await using files = await writeFiles({
        'env/sim.yaml': environment,
        'boot.spec.ts': spec,
        'plan.yaml': text,
      })
      const message = await refusal(files.directory)
      assert.match(message, expected)
      assert.doesNotMatch(message, /hunter2/)
    })
  }

  it('names every payload and spec that is wrong at once', async () => {
    await using files = await writeFiles({
      'env/sim.yaml': environment,
      'plan.yaml': `environment: sim
payloads:
  a: { branch: master }
  b: { kernel-tree: ., config: x }
  c: { kernel-tree: ., branch: HEAD, make: true }
specs:
  gone: gone.spec.ts
`,
    })
    const message = await refusal(files.directory)
    assert.match(message, /^plan\.yaml:3:16: "branch" is of nothing/m)
    assert.match(message, /^plan\.yaml:4:32: "config" is of no use without the "branch"/m)
    assert.match(message, /^plan\.yaml:5:44: "make" is run in the kernel tree as it is/m)
  })

  it('has to be there', async () => {
    await using files = await writeFiles({})
    assert.match(await refusal(files.directory), /^plan\.yaml:1:1: the plan does not exist$/m)
  })
})

async function refusal(cwd: string): Promise<string> {
  try {
    await readPlan('plan.yaml', cwd)
  } catch (error) {
    assert.ok(error instanceof HilError, String(error))
    assert.equal(error.blame, 'environment')
    return error.message
  }
  return assert.fail('the plan was taken')
}
