import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startDeadline } from '../../../src/core/deadline.ts'
import { createMonitorSwitch } from '../../../src/drivers/power/qemu-monitor/monitor-switch.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'
import { startCoordinator } from '../../support/labgrid/coordinator.ts'
import { startExporter } from '../../support/labgrid/exporter.ts'
import { labgridClient } from '../../support/labgrid/programs.ts'
import { startQemuBench } from '../../support/labgrid/qemu-bench.ts'
import { describeWith } from '../../support/requirements.ts'
import { makeBench } from '../../support/simulated-bench.ts'

/** As a project that uses labgrid has it: nothing of it is hil's. */
const labgrid = `targets:
  main:
    resources:
      RemotePlace: { name: !template '$LG_PLACE' }
    drivers:
      NetworkPowerDriver: { delay: 0.1 }
      SerialDriver: {}
      UBootDriver: { prompt: '=> ' }
      UBootStrategy: {}
`

const spec = `import assert from 'node:assert/strict'
import { useBoard } from 'hil'
describe('U-Boot', () => {
  const board = useBoard({ state: 'bootloader' })
  it('answers', async () => {
    assert.match((await board.bootloader.runOk('version')).stdout, /U-Boot/)
  })
})
`

describeWith(['labgrid', 'qemu'], 'an environment of labgrid with a RemotePlace', function () {
  this.timeout(240_000)
  useLabDirectory()

  it('runs on the place that LG_PLACE names, at the coordinator that LG_COORDINATOR names, and gives it back', async () => {
    await using qemu = await startQemuBench()
    await using outlet = await startOutlet(qemu.monitor)
    await using server = await startCoordinator({ 'virt-1': { matches: { 'lab1/virt/*': null } } })
    await using _exporter = await startExporter(server.address, {
      name: 'lab1',
      resources: {
        virt: {
          RawSerialPort: { port: qemu.uart, speed: 115_200 },
          NetworkPowerPort: { model: 'simplerest', host: `${outlet.url}/{value}`, index: 1 },
        },
      },
    })
    await using bench = await makeBench({ 'labgrid-env.yaml': labgrid, 'boot.spec.ts': spec })
    const run = (place: string) =>
      bench.hil(['run', 'boot.spec.ts', '--env', 'labgrid-env.yaml'], {
        ...{ LG_COORDINATOR: server.address, LG_PLACE: place },
        ...{ LG_HOSTNAME: 'desk', LG_USERNAME: 'hil' },
      })

    const { exitCode, stdout, stderr } = await run('virt-1')
    assert.equal(exitCode, 0, stdout + stderr)
    assert.match(stdout, /\n1 passed/)
    assert.deepEqual(outlet.switched, ['on', 'off'])
    const who = await labgridClient(server.address, ['who'])
    assert.equal(who.stdout.includes('virt-1'), false, who.stdout)

    const mistyped = await run('virt-2')
    assert.equal(mistyped.exitCode, 2)
    assert.match(
      mistyped.stdout + mistyped.stderr,
      /has no place "virt-2"; there are virt-1; did you mean "virt-1"\?/,
    )
  })
})

interface Outlet extends AsyncDisposable {
  readonly url: string
  readonly switched: readonly string[]
}

/** A switch with a web server that QEMU hangs on: `/1` switches on, `/0` off, and `/` tells how it is. */
async function startOutlet(monitor: string): Promise<Outlet> {
  const qemu = createMonitorSwitch({ socket: monitor, timeout: 30_000 })
  const switched: string[] = []
  const answer = async (path = '') => {
    using t = startDeadline(30_000, 'the outlet')
    if (path === '/1') await qemu.on(t)
    if (path === '/0') await qemu.off(t)
    if (path !== '/') switched.push(path === '/1' ? 'on' : 'off')
    return (await qemu.state(t)) === 'on' ? '1' : '0'
  }
  const server = createServer((request, response) => {
    answer(request.url).then(
      (state) => response.end(state),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    switched,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}
