import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { catalogue } from '../../../src/app/catalogue.ts'
import { startDeadline } from '../../../src/core/deadline.ts'
import { HilError } from '../../../src/core/errors.ts'
import type { RunEventBody } from '../../../src/core/events.ts'
import { Redactor } from '../../../src/core/redaction.ts'
import type { BoardSpec } from '../../../src/environment/environment.ts'
import { loadEnvironment } from '../../../src/environment/load-environment.ts'
import { thisProcess } from '../../../src/lab/lease/holder.ts'
import { lockResource } from '../../../src/lab/resource-lock.ts'
import { HeldBoards } from '../../../src/session/board/held-boards.ts'
import { everyFault } from '../../../src/simulator/faults/every-fault.ts'
import type { Fault } from '../../../src/simulator/faults/schema.ts'
import { loadStrategy } from '../../../src/strategy/load-strategy.ts'

const faults = everyFault()
const stateMs = 1500
const releaseMs = 2000
/**
 * What their deadlines come to: four ways to a state, each with a probe, a reset, three edges and one more try; commands;
 * the release. All of them compute at once, on a machine that may be busy: many times that tells an end from none.
 */
const longestMs = 5 * (4 * (5000 + 2 * (1000 + 3 * stateMs)) + 4000 + releaseMs)

/** Boards with real drivers on simulated hardware, one for each fault. */
async function faultyBoards(): Promise<readonly BoardSpec[]> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-faults-'))
  try {
    const file = join(directory, 'env.yaml')
    const states = { off: '1s', bootloader: `${stateMs}ms`, linux: `${stateMs}ms`, shell: `${stateMs}ms` }
    const boards = faults.map((fault, index): [string, object] => [
      `board-${index}`,
      {
        architecture: 'arm64',
        machine: { driver: 'simulator', faults: [asWritten(fault)], seed: index },
        bootloader: 'barebox',
        timeouts: { states, command: '1s', release: `${releaseMs}ms` },
      },
    ])
    await writeFile(file, stringify({ boards: Object.fromEntries(boards) }))
    return (await loadEnvironment(file, { catalogue, strategies: ['barebox'], cwd: directory })).boards
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** As an environment says it. */
function asWritten(fault: Fault): object {
  const dashed = (key: string) => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return Object.fromEntries(Object.entries(fault).map(([key, value]) => [dashed(key), value]))
}

describe('a simulated board that meets with a fault', () => {
  let lives: readonly ReturnType<typeof live>[]

  // Most of the time is spent waiting for what does not come: all boards wait at once.
  before(async function () {
    this.timeout(longestMs)
    lives = (await faultyBoards()).map(live)
    await Promise.allSettled(lives)
  })

  for (const [index, fault] of faults.entries()) {
    it(`${JSON.stringify(fault)}: every failure has a blame and an end, the board is left as declared, its lock is free`, async () => {
      const { errors, power, failures, lock } = await (lives[index] ?? assert.fail())
      for (const error of errors) {
        assert.ok(error instanceof HilError, String(error))
        assert.notEqual(error.blame, 'hil', error.message)
      }
      if (fault.name !== 'power') assert.deepEqual({ power, failures }, { power: 'off', failures: [] })
      else if (power !== 'off') assert.ok(failures.length > 0, 'a board that is not off has to be told of')
      await (await lockResource(lock, thisProcess('a test'))).release()
    })
  }
})

/** What a test does with a board, twice: the second time has to find its way back. */
async function live(spec: BoardSpec) {
  const lock = `test:${randomUUID()}`
  const errors: unknown[] = []
  const events: RunEventBody[] = []
  const emit = (event: RunEventBody) => void events.push(event)
  const publish = () => Promise.resolve({ bootargs: [] })
  const prepareBoot = () => Promise.resolve({ payload: undefined, publish, notes: [] })
  const options = { emit, redactor: new Redactor(), prepareBoot, what: 'a test' }
  const plan = { spec: withResource(spec, lock), strategy: await loadStrategy(spec.strategy) }
  using root = startDeadline(Number.POSITIVE_INFINITY, 'test')
  const held = await HeldBoards.take([plan], options, root)
  const service = held.services.get(spec.name) ?? assert.fail()
  const attempt = (work: Promise<unknown>) => work.catch((error: unknown) => void errors.push(error))
  for (let round = 1; round <= 2; round++) {
    await attempt(service.goto(root, 'shell'))
    await attempt(service.runInShell(root, 'true', {}))
    service.doubt()
    await attempt(service.goto(root, 'bootloader'))
    await attempt(service.runInBootloader(root, 'version', {}))
  }
  await held.release(false)
  const released = events.findLast((event) => event.type === 'board-released')
  return { errors, lock, power: released?.power, failures: released?.failures ?? [] }
}

function withResource(spec: BoardSpec, resource: string): BoardSpec {
  if (!('machine' in spec.hardware)) return spec
  const { driver, options } = spec.hardware.machine
  return { ...spec, hardware: { machine: { driver: { ...driver, resources: () => [resource] }, options } } }
}
