import assert from 'node:assert/strict'
import { noPayload } from '../../../src/environment/payload-settings.ts'
import { showEnvironment } from '../../../src/environment/show-environment.ts'
import { check, writeFiles } from '../../support/environment-files.ts'

async function boardsOf(text: string) {
  await using files = await writeFiles({ 'lab.yaml': text, 'mine.ts': '' })
  const { environment, problems } = await check(files, 'lab.yaml')
  assert.deepEqual(problems, [])
  assert.ok(environment !== undefined)
  return { environment, boards: environment.boards, here: files.directory }
}

const shortest = 'boards: { r1: { architecture: arm64, machine: simulator } }\n'

describe('An environment that was read', () => {
  it('has every default applied', async () => {
    const { boards, environment, here } = await boardsOf(shortest)
    const [{ hardware, shell, ...board } = assert.fail()] = boards
    assert.ok('machine' in hardware)
    assert.equal(hardware.machine.driver.name, 'simulator')
    assert.deepEqual(hardware.machine.options, {
      autobootTimeout: 3,
      linux: { bootDelay: 1000 },
      faults: [],
      files: {},
    })
    assert.equal(shell.driver.name, 'linux')
    assert.deepEqual(shell.options, { user: 'root' })
    assert.deepEqual(board, {
      name: 'r1',
      architecture: 'arm64',
      compatible: [],
      memoryBytes: undefined,
      console: { charDelayMs: 0, lineDelayMs: 0, reconnectMs: 0, onlyWithPower: false },
      otherConsoles: [],
      bootloader: undefined,
      strategy: { name: 'direct' },
      ...{ ssh: undefined, storage: undefined, recovery: undefined, recoveryStrap: undefined },
      firstBootloader: undefined,
      boot: {
        source: undefined,
        chainload: undefined,
        by: 'network',
        devboot: false,
        dryRun: false,
        bootargs: [],
        payload: undefined,
      },
      network: { tftp: undefined },
      timeouts: { states: {}, command: 30_000, release: 20_000 },
      powerOffTimeMs: 0,
      quarantineAfter: 3,
      after: 'off',
      features: [],
      options: {},
      tags: [],
      resources: [],
      kernelRules: [],
    })
    assert.equal(environment.file, `${here}/lab.yaml`)
    assert.deepEqual([environment.files, environment.secretVariables], [[`${here}/lab.yaml`], []])
  })

  it('has everything it says in units and names of its own', async () => {
    const { boards, here } = await boardsOf(`boards:
  r1:
    architecture: arm64
    compatible: radxa,rock3a
    power: { driver: command, on: a, off: b, timeout: 5 }
    console: { driver: serial, port: /dev/ttyUSB0, char-delay: 2ms, line-delay: 0.1 }
    bootloader: uboot
    shell: { user: me, password: { env: PW } }
    strategy: ./mine.ts
    boot: { source: mmc0, bootargs: quiet splash, payload: { kernel: /k, device-tree: /d, initrd: /i } }
    network: { tftp: { directory: /srv/tftp, address: 10.0.0.1 } }
    timeouts: { states: { bootloader: 1.5 min }, command: 250ms, release: 1h }
    power-off-time: 3
    after: as-is
    features: [hdmi, usb]
    options: { relay: 3, ports: [lan1] }
    memory: 1.5G
    quarantine-after: 5
`)
    const [{ hardware, shell, bootloader, ...board } = assert.fail()] = boards
    assert.ok('power' in hardware)
    assert.deepEqual(hardware.power.options, { on: 'a', off: 'b', timeout: 5000 })
    assert.deepEqual(hardware.console.options, { port: '/dev/ttyUSB0', baud: 115200, parity: 'none' })
    assert.deepEqual(shell.options, { user: 'me', password: { env: 'PW' } })
    assert.equal(bootloader?.driver.name, 'uboot')
    assert.deepEqual(board, {
      name: 'r1',
      architecture: 'arm64',
      compatible: ['radxa,rock3a'],
      memoryBytes: 1.5 * 2 ** 30,
      console: { charDelayMs: 2, lineDelayMs: 100, reconnectMs: 10_000, onlyWithPower: false },
      otherConsoles: [],
      firstBootloader: undefined,
      strategy: { file: `${here}/mine.ts` },
      ...{ ssh: undefined, storage: undefined, recovery: undefined, recoveryStrap: undefined },
      boot: {
        source: 'mmc0',
        chainload: undefined,
        by: 'network',
        devboot: false,
        dryRun: false,
        bootargs: ['quiet splash'],
        payload: {
          ...noPayload,
          kernel: '/k',
          deviceTrees: ['/d'],
          initrd: { keepsOwn: false, files: ['/i'] },
        },
      },
      network: { tftp: { directory: '/srv/tftp', address: '10.0.0.1', port: 69 } },
      timeouts: { states: { bootloader: 90_000 }, command: 250, release: 3_600_000 },
      powerOffTimeMs: 3000,
      quarantineAfter: 5,
      after: 'as-is',
      features: ['hdmi', 'usb'],
      options: { relay: 3, ports: ['lan1'] },
      tags: [],
      resources: [],
      kernelRules: [],
    })
  })

  it('has further consoles by name, beside that of a machine too, and shows them as they were written', async () => {
    const { boards, here } = await boardsOf(`defaults:
  consoles:
    coprocessor: { driver: serial, port: /dev/ttyUSB1 }
boards:
  r1:
    architecture: arm64
    machine: simulator
    consoles:
      secure: { driver: serial, port: uart, baud: 9600, only-with-power: true, kernel-log: false, fail-on: ['^E/TC'] }
      coprocessor: { reconnect: 1 min }
  r2: { architecture: arm64, machine: simulator, consoles: { coprocessor: null } }
`)
    const summary = boards.map(({ otherConsoles }) =>
      otherConsoles.map(({ name, choice, settings, readsKernelLog, failOn }) => ({
        ...{ name, driver: choice.driver.name, readsKernelLog, failOn },
        ...(choice.options as { port: string; baud: number }),
        ...{ reconnectMs: settings.reconnectMs, onlyWithPower: settings.onlyWithPower },
      })),
    )
    const serial = { driver: 'serial', parity: 'none' }
    assert.deepEqual(summary, [
      [
        {
          ...{
            ...serial,
            name: 'coprocessor',
            readsKernelLog: true,
            failOn: [],
            port: '/dev/ttyUSB1',
            baud: 115_200,
          },
          ...{ reconnectMs: 60_000, onlyWithPower: false },
        },
        {
          ...{
            ...serial,
            name: 'secure',
            readsKernelLog: false,
            failOn: [/^E\/TC/],
            port: `${here}/uart`,
            baud: 9600,
          },
          ...{ reconnectMs: 10_000, onlyWithPower: true },
        },
      ],
      [],
    ])
  })

  it('takes a TFTP server of its own, and leaves open what depends on the machine', async () => {
    const tftpOf = async (tftp: string) => {
      const { boards } = await boardsOf(`boards:
  r1: { architecture: arm64, power: manual, console: { driver: serial, port: a }, network: { tftp: ${tftp} } }
`)
      return boards[0]?.network.tftp
    }
    const open = { listen: undefined, port: undefined }
    assert.deepEqual(await tftpOf('{ embedded: true }'), {
      embedded: open,
      address: undefined,
      port: undefined,
    })
    assert.deepEqual(
      await tftpOf('{ embedded: { listen: eth1, port: 6969 }, address: 10.0.0.1, port: 69 }'),
      {
        embedded: { listen: 'eth1', port: 6969 },
        address: '10.0.0.1',
        port: 69,
      },
    )
  })

  it('takes the directory of a TFTP server on another machine, in short and in full', async () => {
    const sshOf = async (ssh: string) => {
      const { boards } = await boardsOf(`boards:
  r1:
    architecture: arm64
    machine: simulator
    network: { tftp: { directory: /srv/tftp, address: 10.0.0.1, ssh: ${ssh} } }
`)
      const { tftp } = boards[0]?.network ?? assert.fail()
      return tftp?.embedded === undefined ? tftp?.ssh : assert.fail()
    }
    assert.deepEqual(await sshOf('lab@tftp.example'), {
      ...{ host: 'tftp.example', port: 22, user: 'lab', hostKey: 'known-hosts' },
    })
    const hostKey = `SHA256:${'a'.repeat(43)}`
    const inFull = `{ host: a, port: 2222, key: /id, host-key: '${hostKey}', jump: [me@gate, { host: inner }] }`
    assert.deepEqual(await sshOf(inFull), {
      ...{ host: 'a', port: 2222, key: '/id', hostKey },
      jump: [
        { host: 'gate', port: 22, user: 'me', hostKey: 'known-hosts' },
        { host: 'inner', port: 22, hostKey: 'known-hosts' },
      ],
    })
  })

  it('shows how to log in to another machine as it can be written again', async () => {
    const { environment } = await boardsOf(`boards:
  r1:
    architecture: arm64
    machine: simulator
    network: { tftp: { directory: /srv/tftp, address: 10.0.0.1, ssh: { host: a, host-key: accept-new } } }
`)
    assert.match(showEnvironment(environment), /host: a\n +port: 22\n +host-key: accept-new\n/)
  })

  it('chain-loads with the strategy for it, and shows so', async () => {
    const { environment, here } = await boardsOf(`boards:
  r1:
    architecture: arm64
    machine: simulator
    first-bootloader: uboot
    bootloader: barebox
    boot: { chainload: b.img }
`)
    const [{ strategy, firstBootloader, boot } = assert.fail()] = environment.boards
    assert.deepEqual(strategy, { name: 'chainload-barebox' })
    assert.equal(firstBootloader?.driver.name, 'uboot')
    assert.equal(boot.chainload, `${here}/b.img`)
    const shown = showEnvironment(environment)
    assert.match(shown, /first-bootloader:\n +driver: uboot/)
    assert.match(shown, /chainload: .*b\.img/)
  })

  it('takes the strategy of its bootloader, and the pause of a board with capacitors', async () => {
    const { boards } = await boardsOf(`boards:
  r1: { architecture: arm, power: manual, console: { driver: serial, port: a }, bootloader: barebox }
  r2: { architecture: arm, machine: simulator, bootloader: uboot, strategy: direct }
`)
    assert.deepEqual(
      boards.map(({ strategy, powerOffTimeMs }) => [strategy, powerOffTimeMs]),
      [
        [{ name: 'barebox' }, 2000],
        [{ name: 'direct' }, 0],
      ],
    )
  })

  it('can’t be changed, but leaves the drivers alone', async () => {
    const { environment } = await boardsOf(shortest)
    const thawed = new Set<string>()
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null || path.endsWith('.driver')) return
      if (!Object.isFrozen(value)) thawed.add(path)
      for (const [key, child] of Object.entries(value)) visit(child, `${path}.${key}`)
    }
    visit(environment, 'environment')
    assert.deepEqual([...thawed], [])
    const [board] = environment.boards
    assert.equal(Object.isFrozen(board?.shell.driver), false)
  })

  it('may use anchors, files of Windows, and a byte order mark', async () => {
    const { boards } = await boardsOf(
      '\uFEFFboards:\r\n  a: &a { architecture: arm, machine: simulator }\r\n  b: *a\r\n',
    )
    assert.deepEqual(
      boards.map(({ name, architecture }) => `${name} ${architecture}`),
      ['a arm', 'b arm'],
    )
  })

  it('does not grow out of hand from aliases of aliases', async () => {
    const levels = Array.from({ length: 30 }, (_, n) => `  - &l${n + 1} [*l${n}, *l${n}]`)
    await using files = await writeFiles({ 'lab.yaml': `x:\n  - &l0 [a]\n${levels.join('\n')}\n${shortest}` })
    const { problems } = await check(files, 'lab.yaml')
    assert.ok(problems.some(({ message }) => message.includes('stands for too much')))
  })
})
