import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { startDeadline } from '../../../src/core/deadline.ts'
import { Coordinator } from '../../../src/lab/coordinator/coordinator.ts'
import { listReservations } from '../../../src/lab/coordinator/reservation.ts'
import { startCoordinator, type TestCoordinator } from '../../support/labgrid/coordinator.ts'
import { labgridClient } from '../../support/labgrid/programs.ts'
import { describeWith } from '../../support/requirements.ts'
import { hilCommand, runHil } from '../../support/run-hil.ts'

describeWith(['labgrid'], "the commands for labgrid's coordinator", function () {
  this.timeout(90_000)
  let server: TestCoordinator

  before(async () => {
    server = await startCoordinator({
      'rock-1': { matches: {}, tags: { board: 'rock3a' }, aliases: ['left'], comment: 'on the shelf' },
      'rock-2': { matches: {}, tags: { board: 'rock3a' } },
      beagle: { matches: {}, tags: { board: 'beagleplay' } },
      far: { matches: { 'lab9/far/*': null, 'lab9/far/NetworkPowerPort/outlet': 'power' } },
    })
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
  })

  const hil = (user: string, ...words: string[]) =>
    runHil(['lab', ...words], {
      env: { LG_COORDINATOR: server.address, LG_HOSTNAME: 'desk', LG_USERNAME: user, LG_PLACE: '' },
    })

  it('acquire a place, tell who has it, let a colleague use it, and give it back', async () => {
    assert.deepEqual(await hil('ann', 'acquire', '-p', 'left'), {
      ...{ exitCode: 0, stdout: 'acquired place rock-1\n', stderr: '' },
    })
    const { stdout } = await hil('bob', 'places')
    assert.match(stdout, /^beagle +free {2}board=beagleplay$/m)
    assert.match(
      stdout,
      /^rock-1 \(left\) {2}acquired by ann \(on desk\) for .* {2}board=rock3a {2}on the shelf$/m,
    )

    const refused = await hil('bob', 'acquire', '-p', 'rock-1')
    assert.equal(refused.exitCode, 3)
    assert.match(
      refused.stderr,
      /rock-1 is acquired by ann \(on desk\), since \d{4}-\S+ \S+ UTC.*; ask for it .*"labgrid-client -p rock-1 allow desk\/bob".*--wait 30m.*--kick/,
    )
    assert.match((await hil('bob', 'release', '-p', 'rock-1')).stderr, /not by you, bob \(on desk\)/)
    assert.equal((await hil('ann', 'allow', 'desk/bob', '-p', 'rock-1')).exitCode, 0)
    const again = await hil('ann', 'acquire', '-p', 'rock-1')
    assert.match(again.stderr, /rock-1 is yours already/)

    const { stdout: json } = await hil('bob', 'places', '--json', '--acquired')
    const { places } = JSON.parse(json) as { places: { name: string; allowed: string[] }[] }
    assert.deepEqual(
      places.map(({ name, allowed }) => [name, allowed]),
      [['rock-1', ['desk/bob']]],
    )
    const kicked = await hil('bob', 'release', '-p', 'rock-1', '-k')
    assert.equal(kicked.stdout, 'released place rock-1, taken from ann (on desk)\n')
  })

  it('take no place whose exporter is away, unless told to', async () => {
    const refused = await hil('ann', 'acquire', '-p', 'far')
    assert.equal(refused.exitCode, 3)
    assert.match(
      refused.stderr,
      /^hil: far is not complete: no exporter at \S+ has lab9\/far\/\*; start it, /,
    )
    const { stdout } = await hil('ann', 'show', '-p', 'far')
    assert.match(stdout, /^far\n {2}state +free\n {2}resources\n {4}none is lab9\/far\/\*\n/)
    assert.equal((await hil('ann', '-p', 'far', 'acquire', '-a')).stdout, 'acquired place far\n')
    assert.equal((await hil('ann', '-p', 'far', 'release')).stdout, 'released place far\n')
  })

  it('take their options before the command too, as labgrid-client does, and name a place by its aliases', async () => {
    const { stdout } = await hil('ann', '-x', server.address, 'places')
    assert.match(stdout, /^rock-1 \(left\) {2}free /m)
    assert.match((await hil('ann', '-p', 'left')).stderr, /hil lab has no option -p/)
    const refused = await hil('ann', '-p', 'left', 'allow', 'desk/bob')
    assert.match(refused.stderr, /^hil: rock-1 is free; who has it lets others use it/)
  })

  it('leave the line where somebody stops waiting', async () => {
    using t = startDeadline(60_000, 'the test')
    using coordinator = await Coordinator.connect({ address: server.address, tls: undefined }, t)
    const [node, ...args] = hilCommand
    const waiting = spawn(node, [...args, 'lab', 'reserve', 'board=none', '--wait', '-x', server.address], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await t.race(once(waiting.stdout, 'data'))
    waiting.kill('SIGINT')
    const [exitCode] = (await t.race(once(waiting, 'close'))) as [number]
    assert.equal(exitCode, 130)
    assert.deepEqual(await listReservations(coordinator, t), [])
  })

  it('say which places there are, and which a part of a name could mean', async () => {
    const unknown = await hil('ann', 'acquire', '-p', 'beagel')
    assert.equal(unknown.exitCode, 2)
    assert.match(
      unknown.stderr,
      /has no place "beagel"; there are beagle, far, rock-1, rock-2; did you mean "beagle"\?/,
    )
    const ambiguous = await hil('ann', 'acquire', '-p', 'rock')
    assert.match(ambiguous.stderr, /"rock" is a part of several places at .*: rock-1, rock-2/)
    assert.match((await hil('ann', 'acquire')).stderr, /name a place with -p/)
    assert.match((await hil('ann', 'release', '-p', 'beagle')).stderr, /nobody has beagle/)
    assert.match((await hil('ann', 'places', '-x', 'a b')).stderr, /"a b" is no address of a coordinator/)
    assert.match((await hil('ann', 'reserve', 'board')).stderr, /"board" is no tag: write KEY=VALUE/)
  })

  it('reserve a place in one line with labgrid-client, where the higher priority comes first', async () => {
    await hil('ann', 'acquire', '-p', 'beagle')
    const low = await labgridClient(server.address, ['reserve', '--prio', '1', 'board=beagleplay'])
    assert.equal(low.exitCode, 0)
    const waiting = hil('bob', 'reserve', 'board=beagleplay', '--prio', '2', '--wait')
    // It is in the line once the coordinator says so.
    using t = startDeadline(60_000, 'the test')
    using coordinator = await Coordinator.connect({ address: server.address, tls: undefined }, t)
    let count = 0
    while (count < 2) {
      const answer = await coordinator.ask({ method: 'GetReservations', request: {}, what: 'list' }, t)
      count = (answer as { reservations: unknown[] }).reservations.length
    }
    assert.match(
      (await hil('ann', 'reservations')).stdout,
      /^\w+ {2}bob \(on desk\) {2}priority 2 {2}board=beagleplay {2}waiting, since .* UTC.*\n\w+ {2}ann \(on desk\) {2}priority 1 /,
    )
    await hil('ann', 'release', '-p', 'beagle')
    const { stdout } = await waiting
    const [, token = ''] = /^reservation (\w+): place beagle;/m.exec(stdout) ?? []
    assert.notEqual(token, '', stdout)
    assert.match((await hil('bob', 'wait', token)).stdout, /^reservation \w+: place beagle; .* takes it\n$/)
    assert.match((await hil('ann', 'places')).stdout, /^beagle +kept for bob \(on desk\) \(\+\w+\)/m)

    const [first, second] = [
      await hil('ann', 'acquire', '-p', 'beagle'),
      await hil('bob', 'acquire', '-p', `+${token}`),
    ]
    assert.match(first.stderr, /beagle is kept for somebody whose reservation came first \(\w+\)/)
    assert.equal(second.stdout, 'acquired place beagle\n')
    await hil('bob', 'release', '-p', 'beagle')
    assert.equal((await hil('bob', 'cancel-reservation', token)).exitCode, 0)
    const expired = await hil('bob', 'acquire', '-p', `+${token}`)
    assert.equal(expired.exitCode, 3)
    assert.match(
      expired.stderr,
      /no place at .* is kept for the reservation \w+: it still waits, or has expired/,
    )
    assert.match((await hil('bob', 'cancel-reservation', token)).stderr, /has no reservation \w+ any more/)
  })
})
