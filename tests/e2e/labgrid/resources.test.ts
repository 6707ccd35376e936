import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import { UndoStack } from '../../../src/core/undo-stack.ts'
import type { BoardSpec } from '../../../src/environment/environment.ts'
import { openFiles } from '../../../src/lab/open-files.ts'
import { createTestContext, type TestContext } from '../../support/driver-context.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'
import { startCoordinator, type TestCoordinator } from '../../support/labgrid/coordinator.ts'
import { equipAt } from '../../support/labgrid/equip.ts'
import { startExporter, type TestExporter } from '../../support/labgrid/exporter.ts'
import { startFakeExporter } from '../../support/labgrid/fake-exporter.ts'
import { startHttpPdu, type HttpPdu } from '../../support/power/http-pdu.ts'
import * as tools from '../../support/power/tools.ts'
import { RecordingReader } from '../../support/recording-reader.ts'
import { describeWith } from '../../support/requirements.ts'
import { startSshd, type TestSshd } from '../../support/ssh/sshd.ts'

const console = 'console: { driver: process, command: [cat] }'
const power = 'power: { driver: manual }'

describeWith(['labgrid', 'sshd'], "what becomes of the resources of labgrid's exporters", function () {
  this.timeout(120_000)
  useLabDirectory()
  let machine: TestContext
  let sshd: TestSshd
  let pdu: HttpPdu
  let uart: EchoServer
  let server: TestCoordinator
  let exporter: TestExporter
  let devices: Disposable
  let context: TestContext
  let t: Deadline

  before(async () => {
    machine = await createTestContext()
    const bin = dirname(await tools.writeTool(machine, 'uhubctl', tools.uhubctl))
    await tools.writeTool(machine, 'sispmctl', tools.sispmctl)
    await tools.writeTool(machine, 'ykushcmd', tools.ykushcmd)
    sshd = await startSshd([`SetEnv PATH=${bin}:/usr/bin:/bin`])
    pdu = await startHttpPdu(simpleRest, ['3'])
    uart = await startEchoServer()
    server = await startCoordinator(
      Object.fromEntries(
        [...realGroups, 'usb', 'strip', 'hidden', 'snmp'].map((group) => [
          group,
          { matches: { [`*/${group}/*`]: null } },
        ]),
      ),
    )
    const { host } = new URL(pdu.url)
    const served = { internal: `${machine.temporaryDirectory}/srv/labgrid/`, external: 'labgrid/' }
    await mkdir(served.internal, { recursive: true })
    exporter = await startExporter(server.address, {
      name: 'lab1',
      resources: {
        pdu: {
          NetworkPowerPort: { model: 'simplerest', host: `http://${host}/relay/{index}/{value}`, index: 3 },
        },
        ykush: { YKUSHPowerPort: { serial: 'YK12345', index: 1 } },
        output: {
          HttpDigitalOutput: {
            url: `http://${host}/relay/3`,
            ...{ method: 'POST', body_asserted: 'high', body_deasserted: 'low' },
            ...{ body_get_asserted: '1', body_get_deasserted: '0' },
          },
        },
        tftp: { TFTPProvider: served },
        http: { HTTPProvider: { ...served, external: 'http://127.0.0.1:8080/boot/' } },
        login: { NetworkService: { address: '10.0.0.7', username: 'root', password: 'secret', port: 2222 } },
        link: { NetworkService: { address: 'fe80::1%usb0', username: 'root' } },
      },
    })
    const usb = { host: '127.0.0.1', busnum: 1, devnum: 2, vendor_id: 1060, model_id: 9492 }
    const isolated = { proxy: '127.0.0.1', proxy_required: true }
    devices = await startFakeExporter(server.address, 'lab2', [
      { group: 'usb', name: 'hub', cls: 'NetworkUSBPowerPort', params: { ...usb, path: '1-1', index: 2 } },
      {
        group: 'strip',
        name: 'strip',
        cls: 'NetworkSiSPMPowerPort',
        params: { ...usb, path: '1-2', index: 3 },
      },
      {
        ...{ group: 'hidden', name: 'serial', cls: 'NetworkSerialPort', extra: isolated },
        params: { host: '127.0.0.1', port: uart.port, protocol: 'raw' },
      },
      {
        ...{ group: 'hidden', name: 'outlet', cls: 'NetworkPowerPort', extra: isolated },
        params: { model: 'simplerest', host: `http://${host}/relay/{index}/{value}`, index: 3 },
      },
      {
        ...{ group: 'snmp', name: 'outlet', cls: 'NetworkPowerPort', extra: isolated },
        params: { model: 'apc', host: 'pdu1', index: 3 },
      },
    ])
  })
  after(async () => {
    devices?.[Symbol.dispose]()
    await exporter?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
    await uart?.[Symbol.asyncDispose]()
    await pdu?.[Symbol.asyncDispose]()
    await sshd?.[Symbol.asyncDispose]()
    await machine?.release()
  })
  beforeEach(async () => {
    t = startDeadline(110_000, 'the test')
    context = await createTestContext({
      secret: async (reference) =>
        'file' in reference ? (await readFile(reference.file, 'utf8')).trim() : '',
    })
  })
  afterEach(async () => {
    await context.release()
    t[Symbol.dispose]()
  })

  const equip = (place: string, lines: readonly string[] = [], hostKey = sshd.hostKey): Promise<BoardSpec> =>
    equipAt(place, ['bootloader: uboot', ...lines], { server, sshd, hostKey }, context, t)
  const powerOf = ({ hardware }: BoardSpec) => {
    const { driver, options } = 'power' in hardware ? hardware.power : assert.fail()
    return driver.open(options, context, t)
  }

  for (const [title, place, lines, isOn] of [
    ['an outlet in the network', 'pdu', [], () => Promise.resolve(pdu.outlets.isOn('3'))],
    ['an outlet that only the exporter reaches', 'hidden', [], () => Promise.resolve(pdu.outlets.isOn('3'))],
    [
      ...([
        'a digital output that the environment names',
        'output',
        ['use: { power: HttpDigitalOutput }'],
      ] as const),
      () => Promise.resolve(pdu.outlets.isOn('3')),
    ],
    ["a port of the exporter's USB hub", 'usb', [], () => tools.isOutletOn(machine, 2)],
    ["an outlet of the exporter's power strip", 'strip', [], () => tools.isOutletOn(machine, 3)],
    ["a port of the exporter's YKUSH", 'ykush', [], () => tools.isOutletOn(machine, 1)],
  ] as const) {
    it(`switches ${title}`, async () => {
      const outlet = await powerOf(await equip(place, place === 'hidden' ? lines : [...lines, console]))
      for (const on of [true, false]) {
        await (on ? outlet.on(t) : outlet.off(t))
        assert.equal(await isOn(), on)
        assert.equal(await outlet.state(t), on ? 'on' : 'off')
      }
    })
  }

  it('reaches an outlet behind the exporter again after the connection to it was lost', async () => {
    const outlet = await powerOf(await equip('hidden'))
    await outlet.on(t)
    sshd.dropConnections()
    await outlet.off(t)
    assert.equal(pdu.outlets.isOn('3'), false)
  })

  it('reads and writes a serial port that only the exporter reaches', async () => {
    const { hardware } = await equip('hidden')
    const { driver, options } = 'power' in hardware ? hardware.console : assert.fail()
    const reader = new RecordingReader()
    const transport = await (await driver.open(options, context, t))(reader)
    await transport.write(Buffer.from([0, 255, 13, 65]))
    await reader.waitForBytes(4, t)
    assert.deepEqual([...reader.bytes()], [0, 255, 13, 65])
    await transport.close()
  })

  it('goes no other way to what only the exporter reaches', async () => {
    const stranger = `SHA256:${'A'.repeat(43)}`
    const outlet = powerOf(await equip('hidden', [], stranger))
    await assert.rejects(outlet, ({ code }: { code: string }) => code.startsWith('ssh.'))
  })

  it('says that a switch behind the exporter which speaks SNMP is out of reach', async () => {
    await assert.rejects(equip('snmp', [console]), {
      code: 'place.unsupported',
      blame: 'environment',
      message:
        /^the resource outlet \(NetworkPowerPort, model apc\) .*through 127\.0\.0\.1 alone.*UDP.*name "power"/,
    })
  })

  for (const [place, address] of [
    ['tftp', { host: '127.0.0.1', port: 69 }],
    ['http', { host: '127.0.0.1', port: 8080, httpPath: '/boot' }],
  ] as const) {
    it(`puts files into the directory of the exporter's server for ${place}, for the time of a run`, async () => {
      const board = await equip(place, [console, power])
      const undo = new UndoStack()
      const files = await openFiles(
        board,
        { files: undefined, emulated: undefined },
        { undo, emit: () => undefined },
      )
      const image = join(context.temporaryDirectory, 'Image')
      await writeFile(image, 'a kernel')
      assert.deepEqual(files?.address, address)
      const { name } = (await files?.publish('Image', image, t)) ?? assert.fail()
      const root = join(machine.temporaryDirectory, 'srv', place === 'tftp' ? '' : 'labgrid')
      assert.equal(await readFile(join(root, name), 'utf8'), 'a kernel')
      if (place === 'tftp') assert.match(name, /^labgrid\//)
      await undo.run()
      assert.deepEqual(await readdir(join(machine.temporaryDirectory, 'srv/labgrid')), [])
    })
  }

  it('logs in to the booted system as a NetworkService says, and shows its password to nobody', async () => {
    const { ssh } = await equip('login', [console, power])
    const { host, port, user, hostKey } = ssh?.options as Record<string, unknown>
    assert.deepEqual([host, port, user, hostKey], ['10.0.0.7', 2222, 'root', 'console'])
    assert.equal(JSON.stringify(ssh).includes('secret'), false)
  })

  it('reaches a login whose address names an interface of the exporter through that machine', async () => {
    const { ssh } = await equip('link', [console, power])
    const { host, jump } = ssh?.options as {
      readonly host: string
      readonly jump: readonly { readonly port: number }[]
    }
    assert.equal(host, 'fe80::1%usb0')
    assert.deepEqual(
      jump.map(({ port }) => port),
      [sshd.port],
    )
  })
})

const realGroups = ['pdu', 'ykush', 'output', 'tftp', 'http', 'login', 'link']

/** Outlets by GET and POST: `/relay/3/1`, `/relay/3`. */
const simpleRest = {
  failure: '',
  answer: ({ path, body }: { path: string; body: string }, outlets: HttpPdu['outlets']) => {
    const [, outlet = '', value = { high: '1', low: '0' }[body]] =
      /^\/relay\/(\d+)(?:\/(\d))?\/?$/.exec(path) ?? []
    if (value !== undefined) outlets.set(outlet, value === '1')
    return { body: outlets.isOn(outlet) ? '1' : '0' }
  },
}

interface EchoServer extends AsyncDisposable {
  readonly port: number
}

/** A UART whose lines are connected to each other. */
async function startEchoServer(): Promise<EchoServer> {
  const server = createServer((socket) => socket.on('error', () => undefined).pipe(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}
