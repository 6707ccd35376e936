import { powerModels } from '../../../../src/environment/labgrid/power-models.ts'
import { expectProblems, expectSame, remarksOn, target } from '../../../support/labgrid/same-board.ts'
import assert from 'node:assert/strict'

function withPower(resources: string, drivers: string): string {
  return target(`resources:
- RawSerialPort: { name: console, port: /dev/null }
${resources}
drivers:
- SerialDriver: { name: main, bindings: { port: console } }
- ShellDriver: { prompt: '# ', login_prompt: 'login: ', username: root, bindings: { console: main } }
${drivers}`)
}

function ours(power: string, more = ''): string {
  return `boards:
  main:
    architecture: unknown
    power: ${power}
    ${more}
    console: { driver: serial, port: /dev/null }
    shell: { driver: linux, prompt: '# ', login-prompt: 'login: ' }
`
}

function networkPort(model: string, host: string, index: number | string): string {
  return withPower(
    `- NetworkPowerPort: { model: ${model}, host: '${host}', index: ${index} }`,
    '- NetworkPowerDriver: {}',
  )
}

const models: Readonly<Record<string, readonly [host: string, index: number, power: string]>> = {
  apc: ['pdu1', 3, '{ driver: apc, host: pdu1, outlet: 3, generation: masterswitch }'],
  digitalloggers_http: [
    'http://pdu1',
    3,
    `{ driver: rest, url: 'http://pdu1', outlet: 3, on: { path: '/outlet?{outlet}=ON' }, off: { path: '/outlet?{outlet}=OFF' } }`,
  ],
  digitalloggers_restapi: [
    'https://pdu1',
    0,
    `{ driver: digital-loggers, url: 'https://pdu1', outlet: 1, insecure: true }`,
  ],
  eaton: [
    'pdu1',
    5,
    `{ driver: snmp, host: pdu1, oid: 1.3.6.1.4.1.534.6.6.7.6.6.1.4.0.5, on: 1,
       off-oid: 1.3.6.1.4.1.534.6.6.7.6.6.1.3.0.5, off: 1,
       state: { oid: 1.3.6.1.4.1.534.6.6.7.6.6.1.2.0.5, on: [1, 3], off: [0, 2] } }`,
  ],
  gude8031: ['pdu1', 2, `{ driver: gude, url: 'http://pdu1', port: 2 }`],
  poe_mib: ['switch', 7, '{ driver: snmp-poe, host: switch, interface: 7 }'],
  raritan: ['pdu1', 4, '{ driver: raritan, host: pdu1, outlet: 4 }'],
  rest: [
    'http://relays/relay/{index}/value',
    3,
    `{ driver: rest, url: 'http://relays', outlet: 3, on: { method: PUT, path: '/relay/{outlet}/value', body: '1' },
       off: { method: PUT, path: '/relay/{outlet}/value', body: '0' },
       state: { path: '/relay/{outlet}/value', on: ^1$, off: ^0$ } }`,
  ],
  sentry: [
    'pdu1',
    9,
    `{ driver: snmp, host: pdu1, oid: 1.3.6.1.4.1.1718.3.2.3.1.11.1.2.1, on: 1, off: 2,
       state: { oid: 1.3.6.1.4.1.1718.3.2.3.1.10.1.2.1, on: [3, 5], off: [4] } }`,
  ],
  shelly_gen1: ['http://plug', 0, `{ driver: shelly-gen1, url: 'http://plug', relay: 0 }`],
  shelly_gen2: ['http://plug', 1, `{ driver: shelly, url: 'http://plug', switch: 1 }`],
  simplerest: [
    'http://pi:9999/relay/{index}/{value}',
    2,
    `{ driver: rest, url: 'http://pi:9999', outlet: 2, on: { path: '/relay/{outlet}/1' },
       off: { path: '/relay/{outlet}/0' }, state: { path: '/relay/{outlet}', on: ^1$, off: ^0$ } }`,
  ],
  ubus: ['http://switch/ubus', 3, `{ driver: openwrt-poe, url: 'http://switch', port: lan3 }`],
}

describe("labgrid's power drivers", () => {
  for (const [model, [host, index, power]] of Object.entries(models)) {
    it(`are ours for the model ${model} of a network port`, () =>
      expectSame(networkPort(model, host, index), ours(power)))
  }

  it('are accepted with every model that hil has a driver for', async () => {
    for (const model of powerModels) await remarksOn(networkPort(model, 'http://pdu1', 1))
  })

  it('take no password in an address, and say where it is read from', async () => {
    const labgrid = networkPort('shelly_gen1', 'http://admin:geheim@10.0.0.40', 0)
    await expectSame(
      labgrid,
      ours(
        `{ driver: shelly-gen1, url: 'http://10.0.0.40', relay: 0, user: admin, password: { env: HIL_PASSWORD_10_0_0_40 } }`,
      ),
    )
    const remarks = await remarksOn(labgrid)
    assert.match(remarks.join('\n'), /reads this one from the variable HIL_PASSWORD_10_0_0_40/)
    assert.doesNotMatch(remarks.join('\n'), /geheim/)
  })

  it('are pdudaemon, with the time that the power stays off', () =>
    expectSame(
      withPower('- PDUDaemonPort: { host: lab, pdu: apc1, index: 4 }', '- PDUDaemonDriver: { delay: 5.0 }'),
      ours(`{ driver: pdudaemon, url: 'http://lab:16421', pdu: apc1, port: '4' }`, 'power-off-time: 5s'),
    ))

  it('are a YKUSH hub', () =>
    expectSame(
      withPower('- YKUSHPowerPort: { serial: YK12345, index: 2 }', '- YKUSHPowerDriver: {}'),
      ours('{ driver: ykush, serial: YK12345, port: 2 }'),
    ))

  it('are a plug with Tasmota', () =>
    expectSame(
      withPower(
        '- TasmotaPowerPort: { host: lab, status_topic: stat/rack3/POWER, power_topic: cmnd/rack3/POWER, avail_topic: tele/rack3/LWT }',
        '- TasmotaPowerDriver: {}',
      ),
      ours(`{ driver: tasmota-mqtt, broker: 'mqtt://lab', topic: rack3 }`),
    ))

  it('are a coil of a Modbus device', () =>
    expectSame(
      withPower(
        `- WaveshareModbusTCPCoil: { host: '10.0.0.9:4196', coil: 3, invert: yes }`,
        '- WaveShareModbusCoilDriver: {}\n- DigitalOutputPowerDriver: {}',
      ),
      ours('{ driver: modbus, host: 10.0.0.9, port: 4196, coil: 3, inverted: true, read-coils: 8 }'),
    ))

  it('are DTR of a serial port that is no console', () =>
    expectSame(
      withPower(
        '- RawSerialPort: { name: relay, port: /dev/zero }',
        `- SerialDriver: { name: line, bindings: { port: relay } }
- SerialPortDigitalOutputDriver: { signal: DTR, invert: false, bindings: { serial: line } }
- DigitalOutputPowerDriver: { delay: 1.0 }`,
      ),
      ours('{ driver: modem-line, port: /dev/zero, line: dtr }', 'power-off-time: 1s'),
    ))

  it('are requests of HTTP', () =>
    expectSame(
      withPower(
        `- HttpDigitalOutput: { url: 'http://io/out/1', body_asserted: 'on', body_deasserted: 'off', body_get_asserted: 'ON.*' }`,
        '- HttpDigitalOutputDriver: {}\n- DigitalOutputPowerDriver: {}',
      ),
      ours(`{ driver: rest, url: 'http://io', on: { method: PUT, path: /out/1, body: 'on' },
        off: { method: PUT, path: /out/1, body: 'off' },
        state: { path: /out/1, on: '^(?:ON.{0,80})$', off: ^off$ } }`),
    ))

  it('are the one that a strategy names where there are several', () =>
    expectSame(
      withPower(
        '',
        "- ManualPowerDriver: { name: a }\n- ExternalPowerDriver: { name: b, cmd_on: 'true', cmd_off: 'true' }\n- ShellStrategy: { bindings: { power: a } }",
      ),
      ours('manual', 'strategy: direct'),
    ))

  for (const [title, labgrid, messages] of [
    [
      'a model that hil has no driver for',
      networkPort('▸siglent', 'psu', 1),
      [
        `NetworkPowerPort: hil has no driver for the model "siglent"; it has for ${powerModels.join(', ')}; in an environment of hil "power: { driver: command, ... }" runs any program that can switch it`,
      ],
    ],
    [
      'a hub that is found by udev',
      withPower(
        "- USBPowerPort: { match: { ID_PATH: 'pci-0000:00:14.0-usb-0:2:1.0' }, index: 1 }",
        '- ▸USBPowerDriver: {}',
      ),
      [
        'USBPowerDriver: hil names a hub as uhubctl prints it ("1-1.4"), and a match of udev does not tell that; write "power: { driver: uhubctl, location: ..., port: ... }" in an environment of hil',
      ],
    ],
    [
      'an output that hil has no driver for',
      withPower(
        '- SysfsGPIO: { index: 60 }',
        '- ▸GpioDigitalOutputDriver: {}\n- DigitalOutputPowerDriver: {}',
      ),
      [
        'GpioDigitalOutputDriver: hil has no driver for this output; it has for ModbusCoilDriver, WaveShareModbusCoilDriver, SerialPortDigitalOutputDriver, HttpDigitalOutputDriver',
      ],
    ],
    [
      'two switches of which none is named',
      withPower('', '- ManualPowerDriver: { name: a }\n- ▸ManualPowerDriver: { name: b }'),
      ['hil takes one of these for a board, and the target "main" has several power drivers: a, b'],
    ],
    [
      'a command whose quote is open',
      withPower('', `- ExternalPowerDriver: { cmd_on: ▸"pdu 'on", cmd_off: pdu off }`),
      ['ExternalPowerDriver: "cmd_on" is no command: a quote in it is not closed, or nothing stands there'],
    ],
  ] as const) {
    it(`are refused with the place for ${title}`, () => expectProblems(labgrid, messages))
  }
})
