import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bisectRegressions } from '../../../../src/app/nightly/bisect-regressions.ts'
import type { NightHistory } from '../../../../src/app/nightly/night-history.ts'
import type { BisectBudget, Plan, PlannedPayload } from '../../../../src/app/nightly/plan/plan.ts'
import type { NightRecord } from '../../../../src/core/night-record.ts'
import type { Verdict } from '../../../../src/core/verdicts.ts'
import { noPayload } from '../../../../src/environment/payload-settings.ts'
import { Screen } from '../../../../src/report/terminal/screen.ts'
import { simulateBisection } from '../../../support/bisections/simulate-bisection.ts'
import { hilCommand } from '../../../support/run-hil.ts'
import { GitHistory } from '../../../support/git-history.ts'
import { simulatedBoards } from '../../../support/simulated-bench.ts'
import { useScratch } from '../../codecs/oracle.ts'
import { asEarlier, nightOf } from './nights.ts'

const budget: BisectBudget = { timeMs: 3600_000, builds: 20, powerCycles: 40, most: 1 }

/** In place of `hil`: says how it was called, and leaves what a bisection leaves. */
const fake = `
import { appendFileSync, cpSync, mkdirSync } from 'node:fs'
const words = process.argv.slice(2)
const at = (name) => words[words.indexOf(name) + 1]
appendFileSync('calls', JSON.stringify(words) + '\\n')
const place = at('--report-dir') + '/' + words.length + at('--good') + '-bisect'
mkdirSync(place, { recursive: true })
cpSync('bisect.json', place + '/bisect.json')
`

describe('a night that bisects', function () {
  this.timeout(120_000)
  const scratch = useScratch()
  const main = process.argv[1] ?? ''
  const { execArgv } = process
  afterEach(() => {
    process.argv[1] = main
    process.execArgv = execArgv
  })

  /** What the night takes for the program that it is. */
  function useHil(words: readonly string[]): void {
    process.argv[1] = words.at(-1) ?? ''
    process.execArgv = words.slice(0, -1)
  }

  /** A night of two boards. @param outcomes of its cells, in which all passed before */
  function bisect(outcomes: Readonly<Record<string, Verdict>>, parts: Partial<BisectBudget> = {}) {
    const passed = ended(nightOf(['one', 'two'], ['branch', 'stock'], ['boot', 'usb']), {})
    const record = ended(passed, outcomes)
    return bisectRegressions({
      ...{ plan: plan(), directory: join(scratch(), 'night'), record, cwd: scratch(), history },
      ...{ last: asEarlier(passed), budget: { ...budget, ...parts } },
      ...{ screen: new Screen(nowhere), interrupt: new AbortController().signal },
    })
  }

  function plan(): Plan {
    const repository = join(scratch(), 'linux')
    const source = { repository, branch: 'main', config: undefined, build: './build it' }
    const branch: PlannedPayload = {
      ...{ name: 'branch', priority: 0, bootargs: ['quiet'], source },
      settings: {
        ...{
          ...noPayload,
          kernel: join(repository, 'Image'),
          deviceTrees: ['/a.dtb'],
          overlays: ['/b.dtbo'],
        },
        ...{ initrd: { keepsOwn: true, files: ['/c.cpio'] }, rsinit: '/d.cpio', rsinitBind: 'bind' },
        ...{ modulesFrom: '/e', modules: 'board', extraModules: ['f'], modulesPrefix: 'usr', rootfs: '/g' },
        ...{ files: '/h', format: 'fit', arch: 'arm64', crossCompile: 'i-', objects: '/j' },
      },
    }
    const spec = (name: string) => ({ name, files: [join(scratch(), `${name}.spec.ts`)] })
    const environment = { file: join(scratch(), 'lab.yaml') }
    const specs = [spec('boot'), spec('usb')]
    return { payloads: [branch], environment, specs } as unknown as Plan
  }

  async function useFake(): Promise<string> {
    const { record } = simulateBisection({ seed: 3, commits: 8, merges: false })
    await writeFile(join(scratch(), 'bisect.json'), JSON.stringify(record))
    const program = join(scratch(), 'fake.mjs')
    await writeFile(program, fake)
    useHil([program])
    return record.conclusion?.summary ?? ''
  }

  function calls(): readonly (readonly string[])[] {
    const lines = readFileSync(join(scratch(), 'calls'), 'utf8').trim().split('\n')
    return lines.map((line) => JSON.parse(line) as string[])
  }

  it('looks for what broke one spec once, on all boards where it broke, within the budget', async () => {
    const summary = await useFake()
    const { bisections } = await bisect({
      ...{ 'one/branch/boot': 'board-failed', 'two/branch/boot': 'board-failed' },
      ...{ 'one/branch/usb': 'test-failed', 'one/stock/boot': 'test-failed' },
    })
    assert.equal(calls().length, 1, 'no more than the budget says')
    const words = calls()[0]?.join(' ') ?? ''
    assert.match(words, /^bisect \S*\/boot\.spec\.ts --env \S*lab\.yaml --good c1 --bad c2 /)
    assert.match(words, / --board one --board two /)
    assert.match(words, / --build \.\/build it --repository \S*\/linux /)
    assert.match(words, / --kernel \S*\/linux\/Image --dtb \/a\.dtb .* --initrd :\/c\.cpio --rsinit /)
    assert.match(words, / --bootargs quiet --max-time \d+ms --max-builds 20 --max-power-cycles 40$/)
    const [found] = bisections
    assert.deepEqual([found?.cell, found?.good, found?.bad], ['one/branch/boot', 'c1', 'c2'])
    assert.equal(found?.summary, summary)
    assert.match(found.directory ?? '', /^bisections\//)
    assert.ok(found.culprit !== undefined)
  })

  it('goes on with the next spec where it may', async () => {
    await useFake()
    const outcomes = { 'one/branch/boot': 'board-failed', 'two/branch/usb': 'test-failed' } as const
    const { bisections } = await bisect(outcomes, { most: 2 })
    assert.deepEqual(
      bisections.map(({ cell }) => cell),
      ['one/branch/boot', 'two/branch/usb'],
    )
  })

  it('looks for nothing where the bench failed, or where there is no time', async () => {
    await useFake()
    assert.deepEqual((await bisect({ 'one/branch/boot': 'infrastructure-failed' })).bisections, [])
    const late = await bisect({ 'one/branch/boot': 'board-failed' }, { timeMs: 30_000 })
    assert.deepEqual(late.bisections, [])
    assert.throws(calls, /ENOENT/)
  })

  it('speaks as hil bisect understands it: why that did not begin is told', async () => {
    const history = new GitHistory(join(scratch(), 'linux'))
    history.commit('first', { Image: 'x' })
    await writeFile(join(scratch(), 'lab.yaml'), simulatedBoards(['one', 'two']))
    for (const name of ['boot', 'usb']) await writeFile(join(scratch(), `${name}.spec.ts`), '')
    useHil(hilCommand.slice(1))
    const { bisections } = await bisect({ 'one/branch/boot': 'board-failed' })
    assert.match(bisections[0]?.summary ?? '', /^it did not begin: .*"c[12]" is no revision/)
  })
})

const nowhere = { isTerminal: false, isColoured: false, columns: 80, write: () => undefined }

/** All that passed did so with the commit `c1`. */
const history = {
  lastPassed: (_, { id, payload }) => Promise.resolve({ id, payload, outcome: 'passed', commit: 'c1' }),
} satisfies Partial<NightHistory> as unknown as NightHistory

/** A night that is over, of the commit `c2`. */
function ended(night: NightRecord, outcomes: Readonly<Record<string, Verdict>>): NightRecord {
  const cells = night.cells.map((cell) => {
    const { blame: _, ...rest } = cell
    const outcome = outcomes[cell.id] ?? 'passed'
    return {
      ...rest,
      outcome,
      ...(outcome === 'infrastructure-failed' && { blame: 'infrastructure' as const }),
    }
  })
  const commit = { id: 'c2', shortId: 'c2', subject: 'second' }
  const payloads = night.payloads.map((payload) =>
    payload.name === 'branch' ? { ...payload, commit } : payload,
  )
  return { ...night, cells, payloads }
}
