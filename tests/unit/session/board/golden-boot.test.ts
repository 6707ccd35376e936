import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { startDeadline } from '../../../../src/core/deadline.ts'
import { HilError } from '../../../../src/core/errors.ts'
import type { RunEventBody } from '../../../../src/core/events.ts'
import { Redactor } from '../../../../src/core/redaction.ts'
import { noPayload } from '../../../../src/environment/payload-settings.ts'
import { leasesOfThisHost, withoutWaiting, type LeaseBoards } from '../../../../src/lab/lease/lease-boards.ts'
import { goldenBoot, goldenSpec } from '../../../../src/session/board/golden-boot.ts'
import { loadStrategy } from '../../../../src/strategy/load-strategy.ts'
import { FakeBoard, fakeEnvironment, type FakeFaults } from '../../../support/fake-board.ts'
import { useLabDirectory } from '../../../support/lab-directory.ts'

async function bootOnce(
  faults: FakeFaults,
  signal?: AbortSignal,
  { resources = [], leaseBoards }: { resources?: readonly string[]; leaseBoards?: LeaseBoards } = {},
) {
  const board = new FakeBoard(faults)
  const [spec] = fakeEnvironment(
    { one: board },
    { states: { bootloader: 100, shell: 100 }, resources },
  ).boards
  assert.ok(spec)
  const events: RunEventBody[] = []
  using root = startDeadline(10_000, 'a golden boot', { ...(signal && { signal }) })
  const outcome = await goldenBoot(
    { spec, strategy: await loadStrategy(spec.strategy) },
    {
      what: 'a test',
      emit: (event) => events.push(event),
      redactor: new Redactor(),
      ...(leaseBoards && { leaseBoards }),
      prepareBoot: ({ boot }) => {
        assert.equal(boot.payload, undefined)
        return Promise.resolve({
          payload: undefined,
          publish: ({ bootargs }) => Promise.resolve({ bootargs }),
          notes: [],
        })
      },
    },
    root,
  )
  return { board, events, outcome }
}

describe('A golden boot', () => {
  useLabDirectory()

  it('starts at power-off, ends with the kernel that runs, and leaves the board as declared', async () => {
    const { board, outcome } = await bootOnce({})
    assert.ok(outcome.isGood)
    assert.equal(outcome.kernel, '6.1.0-fake')
    assert.equal(board.power, 'off')
    assert.ok(board.log.indexOf('off') < board.log.indexOf('on'), board.log.join())
  })

  it('of a board that hangs is not good, says why, and leaves it off all the same', async () => {
    const { board, outcome } = await bootOnce({ hangs: true })
    assert.ok(!outcome.isGood && outcome.error instanceof HilError)
    assert.equal(outcome.error.code, 'shell.no-prompt')
    assert.equal(board.power, 'off')
  })

  it('is not good where the switch does not do as told', async () => {
    const { outcome } = await bootOnce({ powerLies: true })
    assert.ok(!outcome.isGood && outcome.error instanceof HilError)
    assert.equal(outcome.error.blame, 'infrastructure')
  })

  it('puts into quarantine what fails again and again, and ends that where it is admitted', async () => {
    const resources = [`test:${randomUUID()}`]
    const failures: unknown[] = []
    for (let boot = 0; boot < 4; boot++) {
      const { outcome } = await bootOnce({ powerLies: true }, undefined, { resources })
      failures.push(!outcome.isGood && (outcome.error as HilError).code)
    }
    assert.deepEqual(failures.slice(-2), [failures[0], 'lab.quarantined'])
    const leaseBoards = leasesOfThisHost({ ...withoutWaiting, admitsQuarantined: true })
    assert.ok((await bootOnce({}, undefined, { resources, leaseBoards })).outcome.isGood)
    assert.ok((await bootOnce({}, undefined, { resources })).outcome.isGood)
  })

  it('that is interrupted says nothing of the board', async () => {
    const interruption = new AbortController()
    interruption.abort('SIGINT')
    await assert.rejects(bootOnce({}, interruption.signal), (error) => String(error).includes('SIGINT'))
  })

  it('is of what the board has, where it has something', () => {
    const [emulated] = fakeEnvironment({ one: new FakeBoard() }).boards
    assert.ok(emulated)
    const boot = { ...emulated.boot, payload: { ...noPayload, kernel: '/Image' } }
    assert.equal(goldenSpec({ ...emulated, boot }).boot.payload?.kernel, '/Image')
    assert.equal(goldenSpec({ ...emulated, boot: { ...boot, source: 'mmc0' } }).boot.payload, undefined)
    const { shell } = emulated
    const real = { ...emulated, boot, hardware: { power: shell, console: shell } as never }
    assert.equal(goldenSpec(real).boot.payload, undefined)
    const netbooted = { ...real, boot: { ...boot, golden: 'payload' as const } }
    assert.equal(goldenSpec(netbooted).boot.payload?.kernel, '/Image')
    const emulatedDisk = { ...emulated, boot: { ...boot, golden: 'own' as const } }
    assert.equal(goldenSpec(emulatedDisk).boot.payload, undefined)
  })
})
