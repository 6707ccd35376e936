import { expectProblems, expectSame, target } from '../../../support/labgrid/same-board.ts'

const drivers = `drivers:
- NetworkPowerDriver: { delay: 4.0, bindings: { port: outlet } }
- SerialDriver: { txdelay: 0.01, bindings: { port: uart } }
- BareboxDriver: {}
- BareboxStrategy: {}`

function ours(coordinator: string, more = ''): string {
  return `boards:
  main:
    architecture: unknown
    place: rock3a
    coordinator: ${coordinator}
    use: { power: outlet, console: uart }
    power-off-time: 4s
    console: { char-delay: 10ms }
    bootloader: barebox
    strategy: barebox
    ${more}
`
}

describe('A RemotePlace of labgrid', () => {
  it('is a place at the coordinator that the file names, with what its drivers say beside it', () =>
    expectSame(
      `options: { coordinator_address: 'labhost:20409' }\n${target(`resources: { RemotePlace: { name: !template '$LG_PLACE' } }\n${drivers}`)}`,
      ours('labhost:20409'),
    ))

  it('is one at the coordinator that labgrid itself asks where nobody names one', () =>
    expectSame(target(`resources: { RemotePlace: { name: rock3a } }\n${drivers}`), ours('127.0.0.1:20408')))

  it('may have a login that is said beside it, and a switch of this machine', () =>
    expectSame(
      target(`resources: { RemotePlace: { name: rock3a } }
drivers: { ExternalPowerDriver: { cmd_on: 'on', cmd_off: 'off' }, SerialDriver: {}, SSHDriver: { username: lab } }`),
      `boards:
  main:
    architecture: unknown
    place: rock3a
    coordinator: 127.0.0.1:20408
    power: { driver: command, on: ['on'], off: ['off'] }
    ssh: { user: lab, host-key: console }
`,
    ))

  for (const [title, lines, messages] of [
    [
      'that is not named',
      'resources: { ▸RemotePlace: {} }\ndrivers: { SerialDriver: {} }',
      ['RemotePlace: has no "name", which is that of the place'],
    ],
    [
      'that a reservation has',
      "resources: { RemotePlace: { name: ▸'+' } }\ndrivers: { SerialDriver: {} }",
      [
        'RemotePlace: hil takes a place by its name or an alias, and not by "+"; in an environment of hil "reserve" takes any with certain tags',
      ],
    ],
    [
      'beside an emulator',
      'resources: { RemotePlace: { name: rock3a } }\ndrivers: { ▸QEMUDriver: { qemu_bin: q } }',
      ['QEMUDriver: a RemotePlace brings its own hardware; take out one of them'],
    ],
  ] as const) {
    it(`is refused ${title}`, () => expectProblems(target(lines), messages))
  }
})
