import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import { releasePlace } from '../../../src/lab/coordinator/acquire-place.ts'
import { Coordinator } from '../../../src/lab/coordinator/coordinator.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'
import { startCoordinator, type TestCoordinator } from '../../support/labgrid/coordinator.ts'
import { layCable } from '../../support/labgrid/cable.ts'
import { startExporter, type TestExporter } from '../../support/labgrid/exporter.ts'
import { labgridClient } from '../../support/labgrid/programs.ts'
import { startQemuBench, type QemuBench } from '../../support/labgrid/qemu-bench.ts'
import { errorOf, startRun, untilThere } from '../../support/labgrid/started-run.ts'
import { describeWith } from '../../support/requirements.ts'
import { makeBench, type Bench } from '../../support/simulated-bench.ts'

const longMs = 240_000
const me = { host: 'desk', user: 'hil' }

describeWith(['labgrid', 'qemu'], "a run on a place of labgrid's coordinator", function () {
  this.timeout(longMs)
  useLabDirectory()
  let qemu: QemuBench
  let server: TestCoordinator
  let exporter: TestExporter
  let bench: Bench
  let t: Deadline

  before(async () => {
    qemu = await startQemuBench()
    server = await startCoordinator({
      virt: { matches: { 'lab1/virt/*': null }, tags: { board: 'virt' }, aliases: ['v'] },
      bare: { matches: { 'lab1/bare/*': null } },
      exotic: { matches: { 'lab1/exotic/*': null, 'lab1/virt/NetworkSerialPort': null } },
    })
    exporter = await startExporter(server.address, {
      name: 'lab1',
      resources: {
        virt: {
          RawSerialPort: { port: qemu.uart, speed: 115_200 },
          ...Object.fromEntries(
            Array.from({ length: 7 }, (_, index) => [
              `spare${index}`,
              { cls: 'NetworkInterface', ifname: `eth${index}` },
            ]),
          ),
        },
        bare: { net: { cls: 'NetworkService', address: '10.0.0.8', username: 'root' } },
        exotic: { NetworkPowerPort: { model: 'siglent', host: 'pdu1', index: 1 } },
      },
    })
    const common = `    architecture: arm64
    coordinator: ${server.address}
    power-off-time: 0
    bootloader: uboot
    boot: { source: '${qemu.bootCommand.replaceAll('$', '$$$$')}' }
`
    const power = `    power: { driver: qemu-monitor, socket: ${qemu.monitor} }\n`
    const body = (state: string, test: string) => `import { existsSync, watch, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { useBoard } from 'hil'
describe('suite', () => {
  const board = useBoard({ state: '${state}' })
  it('works', async function () {
    this.timeout(${longMs})
    ${test}
  })
})
`
    bench = await makeBench({
      'env/virt.yaml': `boards:\n  virt:\n    place: v\n${power}${common}`,
      'env/cable.yaml': `boards:\n  virt:\n    place: v\n${power}${common.replace(server.address, '${LG_COORDINATOR}')}`,
      'env/any.yaml': `boards:\n  any:\n    reserve: { board: virt }\n${power}${common}`,
      'env/missing.yaml': `boards:
  unknown:\n    place: virtt\n${power}${common}
  bare:\n    place: bare\n${power}${common}
  exotic:\n    place: exotic\n${common}
  unlike:\n    reserve: { board: rock5 }\n${power}${common}`,
      'prompt.spec.ts': body('bootloader', `await board.bootloader.runOk('version')`),
      'shell.spec.ts': body('shell', `await board.shell.runOk('uname -r')`),
      'wait.spec.ts': body(
        'bootloader',
        `await board.bootloader.runOk('version')
    const changes = watch('.')
    writeFileSync('ready', '')
    while (!existsSync('go')) await once(changes, 'change')
    changes.close()
    await board.bootloader.runOk('version')`,
      ),
    })
  })
  after(async () => {
    await exporter?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
    await qemu?.[Symbol.asyncDispose]()
    await bench?.[Symbol.asyncDispose]()
  })
  beforeEach(() => {
    t = startDeadline(longMs - 10_000, 'the test')
  })
  afterEach(async () => {
    using coordinator = await observe()
    const { holder } = coordinator.places.get('virt') ?? {}
    if (holder !== undefined) await releasePlace(coordinator, 'virt', t, holder)
    await remove(bench, 'ready', 'go')
    t[Symbol.dispose]()
  })

  const observe = () => Coordinator.connect({ address: server.address, tls: undefined }, t)
  const holderOf = (coordinator: Coordinator) => coordinator.places.get('virt')?.holder ?? 'nobody'
  const untilHeldBy = (coordinator: Coordinator, holder: string) =>
    coordinator.until(() => holderOf(coordinator) === holder || undefined, t)

  const start = (spec: string, env: string, ...words: string[]) =>
    startRun(bench, [spec, '--env', env, ...words])

  it('boots a board whose console an exporter has, and gives the place back', async () => {
    using coordinator = await observe()
    const run = start('shell.spec.ts', 'virt')
    await untilHeldBy(coordinator, 'desk/hil')
    const { exitCode, events } = await run.ended
    assert.equal(exitCode, 0, JSON.stringify(events.at(-1)))
    await untilHeldBy(coordinator, 'nobody')
    assert.ok(events.some((event) => event.type === 'state-entered' && event.to === 'shell'))
  })

  it('says who has the place, since when, and how to ask; and waits for its turn in one line with labgrid-client', async () => {
    using coordinator = await observe()
    await labgridClient(server.address, ['-p', 'virt', 'acquire'])
    const refused = await start('prompt.spec.ts', 'virt').ended
    assert.equal(refused.exitCode, 3)
    assert.match(
      errorOf(refused.events),
      /^virt is acquired by ann \(on desk\), since \d{4}-\S+ \S+ UTC.*; ask for it \(.*"labgrid-client -p virt allow desk\/hil"\), wait for your turn with --wait 30m, or take it/,
    )

    const others = ['reserve', '--prio', '5', 'board=virt']
    const { stdout } = await labgridClient(server.address, others, { host: 'desk', user: 'bob' })
    const [, token = ''] = /token: (\w+)/.exec(stdout) ?? []
    const run = start('prompt.spec.ts', 'any', '--wait', '3m')
    await run.until(
      ({ type, ...event }) =>
        type === 'note' && 'message' in event && event.message.includes('waiting up to'),
    )
    await labgridClient(server.address, ['-p', 'virt', 'release'])
    // Theirs is the higher priority.
    await coordinator.until(() => coordinator.places.get('virt')?.reservation === token || undefined, t)
    assert.equal(holderOf(coordinator), 'nobody')
    await labgridClient(server.address, ['cancel-reservation', token], { host: 'desk', user: 'bob' })
    assert.equal((await run.ended).exitCode, 0)
    await untilHeldBy(coordinator, 'nobody')
    assert.equal(coordinator.places.get('virt')?.reservation, undefined)
  })

  it('uses a place that its person has acquired by hand, and leaves it to them', async () => {
    using coordinator = await observe()
    await labgridClient(server.address, ['-p', 'virt', 'acquire'], me)
    assert.equal((await start('prompt.spec.ts', 'virt').ended).exitCode, 0)
    assert.equal(holderOf(coordinator), 'desk/hil')
    await labgridClient(server.address, ['-p', 'virt', 'release'], me)
  })

  it('has its place released when it is killed', async () => {
    using coordinator = await observe()
    const run = start('wait.spec.ts', 'virt')
    await Promise.race([untilThere(bench, 'ready', t), run.failure()])
    assert.equal(holderOf(coordinator), 'desk/hil')
    run.child.kill('SIGKILL')
    await untilHeldBy(coordinator, 'nobody')
  })

  it('goes on where the coordinator was gone in the middle of it, and has its place again', async () => {
    using coordinator = await observe()
    const run = start('wait.spec.ts', 'virt')
    await Promise.race([untilThere(bench, 'ready', t), run.failure()])
    await server.kill()
    await run.until(
      (event) =>
        event.type === 'note' &&
        /^the coordinator at \S+ is gone; virt is used as before$/.test(event.message),
    )
    await server.start()
    await untilHeldBy(coordinator, 'desk/hil')
    await writeFile(join(bench.directory, 'go'), '')
    const { exitCode, events } = await run.ended
    assert.equal(exitCode, 0, errorOf(events))
    await untilHeldBy(coordinator, 'nobody')
  })

  it('ends as ever where the coordinator is out of reach, and has its place released when that is back', async () => {
    await using cable = await layCable(server.address)
    using coordinator = await observe()
    const run = startRun(bench, ['wait.spec.ts', '--env', 'cable'], { LG_COORDINATOR: cable.address })
    await Promise.race([untilThere(bench, 'ready', t), run.failure()])
    cable.cut()
    await run.until((event) => event.type === 'note' && event.message.includes('; virt is used as before'))
    await writeFile(join(bench.directory, 'go'), '')
    const { exitCode, events } = await run.ended
    assert.equal(exitCode, 0, errorOf(events))
    const last = events.findLast(({ type }) => type === 'note')
    assert.match(last?.type === 'note' ? last.message : '', /is gone; virt is released once it is back$/)
    assert.equal(holderOf(coordinator), 'desk/hil')
    cable.mend()
    await untilHeldBy(coordinator, 'nobody')
    // Its answer has come back too then: who released it would ask again for ten minutes otherwise.
    await cable.untilUnused(t)
  })

  it('has its console again after the exporter was gone', async () => {
    const run = start('wait.spec.ts', 'virt')
    await Promise.race([untilThere(bench, 'ready', t), run.failure()])
    await exporter.kill()
    await run.until((event) => event.type === 'console-lost')
    await exporter.start()
    await writeFile(join(bench.directory, 'go'), '')
    const { exitCode, events } = await run.ended
    assert.equal(exitCode, 0, errorOf(events))
  })

  for (const [board, exitCode, message] of [
    ['unknown', 2, /has no place "virtt"; there are bare, exotic, virt; did you mean "virt"\?/],
    [
      'bare',
      2,
      /^bare has no resource that could be the console of bare; it has net \(NetworkService\)\. Add a match/,
    ],
    [
      'exotic',
      2,
      /^the resource NetworkPowerPort \(NetworkPowerPort, model siglent\) can't be used: hil has no driver for this model \(it has for apc, .*name another as "power"/,
    ],
    ['unlike', 2, /has no place with board=rock5/],
  ] as const) {
    it(`says what is wrong with the board "${board}"`, async () => {
      const { exitCode: code, events } = await start('prompt.spec.ts', 'missing', '--board', board).ended
      assert.match(errorOf(events), message)
      assert.equal(code, exitCode)
    })
  }
})

async function remove(bench: Bench, ...names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(bench.directory, name), { force: true })
}
