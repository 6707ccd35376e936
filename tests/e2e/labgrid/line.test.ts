import assert from 'node:assert/strict'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import type { EmitEvent } from '../../../src/core/events.ts'
import { UndoStack } from '../../../src/core/undo-stack.ts'
import { Coordinator } from '../../../src/lab/coordinator/coordinator.ts'
import { waitForTurn } from '../../../src/lab/coordinator/wait-for-turn.ts'
import type { Held } from '../../../src/lab/coordinator/watchdog.ts'
import { startCoordinator, type TestCoordinator } from '../../support/labgrid/coordinator.ts'
import { labgridClient } from '../../support/labgrid/programs.ts'
import { describeWith } from '../../support/requirements.ts'

describeWith(['labgrid'], "the line for a place at labgrid's coordinator", function () {
  this.timeout(100_000)
  let server: TestCoordinator
  let coordinator: Coordinator
  let t: Deadline
  let undo: UndoStack
  let watched: Held[]

  beforeEach(async () => {
    t = startDeadline(90_000, 'the test')
    server = await startCoordinator({ rock: { matches: {}, tags: { board: 'rock3a' } } })
    coordinator = await observe()
    undo = new UndoStack()
    watched = []
    await ann('acquire')
  })
  afterEach(async () => {
    const failures = await undo.run()
    coordinator[Symbol.dispose]()
    await server[Symbol.asyncDispose]()
    t[Symbol.dispose]()
    assert.deepEqual(failures, [])
  })

  const observe = () => Coordinator.connect({ address: server.address, tls: undefined }, t)

  async function ann(what: string) {
    const { exitCode, stderr } = await labgridClient(server.address, ['-p', 'rock', what])
    assert.equal(exitCode, 0, stderr)
  }

  /** Gets into the line. `until` waits for what it says meanwhile. */
  function startWaiting() {
    let heard: () => void = () => undefined
    const notes: string[] = []
    const emit: EmitEvent = (event) => {
      if (event.type === 'note') notes.push(event.message)
      heard()
    }
    const watchdog = {
      watch: (held: Held) => void watched.push(held),
      end: () => undefined,
      takeOver: () => undefined,
    }
    const options = { waitMs: 80_000, priority: 0, emit }
    const kept = waitForTurn({ board: 'rock3a' }, { coordinator, watchdog, undo, options }, t)
    kept.catch(() => undefined)
    const until = async (text: RegExp) => {
      while (!notes.some((note) => text.test(note)))
        await t.race(
          Promise.race([
            new Promise<void>((next) => (heard = next)),
            kept.then(() => assert.fail('it waits no more')),
          ]),
        )
    }
    return { kept, until }
  }

  it('is entered anew after the coordinator was, once who had the place has it back', async () => {
    const waiting = startWaiting()
    await waiting.until(/^rock is acquired by ann \(on desk\).*; waiting up to/)
    await server.kill()
    await server.start()
    await waiting.until(
      /was started anew, and has forgotten who waits for board=rock3a; getting into a new line once rock is acquired again, or after 2 min$/,
    )

    // Whoever had got into a new line at once would have it now.
    await ann('acquire')
    await ann('release')

    assert.equal(await waiting.kept, 'rock')
    const [first, second] = watched.map(({ token }) => token)
    assert.equal(coordinator.places.get('rock')?.reservation, second)
    assert.notEqual(first, second)
  })
})
