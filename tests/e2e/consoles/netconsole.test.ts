import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianArm64 } from '../../../scripts/setup/places.mjs'
import type { RunEvent } from '../../../src/core/events.ts'
import { freeUdpPort } from '../../support/free-port.ts'
import { buildGuestInitramfs } from '../../support/guest.ts'
import { describeWith } from '../../support/requirements.ts'
import { makeBench } from '../../support/simulated-bench.ts'

/** What the guest sends to 10.0.2.2 arrives at the loopback interface of this machine. */
const environment = (directory: string, port: number) => `boards:
  guest:
    architecture: arm64
    machine:
      driver: qemu
      kernel: ${debianArm64().kernel}
      initrd: ${join(directory, 'initrd')}
      append: console=ttyAMA0 quiet printk.devkmsg=on
    consoles:
      net: { driver: netconsole, listen: 127.0.0.1, port: ${port}, from: 127.0.0.1 }
`

/** Its tests build on one another, for the kernel is booted once: a warning leaves it running. */
const spec = (port: number) => `
import { useBoard } from 'hil'

const warning = 'WARNING: CPU: 0 PID: 9 at drivers/pump.c'
const uart = '/sys/class/tty/ttyAMA0/console'

describe('a kernel', () => {
  const board = useBoard({ state: 'shell' })
  const send = (format: '' | '+') =>
    board.shell.runOk('insmod /modules/netconsole.ko netconsole=' + format + '@10.0.2.15/eth0,${port}@10.0.2.2/')
  const say = (text: string) => board.shell.runOk("echo '" + text + "' >/dev/kmsg")
  const line = (text: string) => new RegExp('^\\\\[ {0,4}\\\\d{1,5}\\\\.\\\\d{6}\\\\] ' + text + '\\\\r?\\\\n', 'm')
  const hear = (text: RegExp) => board.consoles.net.expect(text, { timeout: '1 min' })

  it('is heard in the plain format', async () => {
    await board.shell.runOk('dmesg -n 8; insmod /modules/configfs.ko')
    await send('')
    await hear(line('netconsole: network logging started'))
    await say('<6>plainly said')
    await hear(line('plainly said'))
    await board.shell.runOk('rmmod netconsole')
  })

  it('is heard in the extended format, long messages whole', async () => {
    await send('+')
    await hear(line('netconsole: network logging started'))
    await board.shell.runOk('echo h >/proc/sysrq-trigger')
    await hear(/sysrq: HELP : loglevel\\(0-9\\) /)
    await board.shell.runOk('long=$(for i in $(seq 300); do printf "\\\\303\\\\251"; done); echo "<6>$long" >/dev/kmsg')
    await hear(line('é{300}'))
  })

  it('warns on both consoles', async () => {
    await say('<4>' + warning + ':1 on_both+0x1c/0x40')
    await hear(/on_both/)
  })

  it('warns where the UART says nothing', async () => {
    await board.shell.runOk('echo 0 >' + uart)
    await say('<4>' + warning + ':2 on_one+0x1c/0x40')
    await hear(/on_one/)
  })

  it('panics where the UART says nothing', async () => {
    await board.console.write('echo c >/proc/sysrq-trigger\\n')
    await hear(/never said/)
  })
})
`

describeWith(['qemu', 'arm64-tools'], 'A kernel that speaks by netconsole', function () {
  this.timeout(240_000)
  let directory: string

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-guest-'))
    const modules = ['kernel/fs/configfs/configfs.ko', 'kernel/drivers/net/netconsole.ko']
    await writeFile(join(directory, 'initrd'), await buildGuestInitramfs({ modules }))
  })
  after(() => rm(directory, { recursive: true, force: true }))

  it('is heard beside its UART, in both formats, and judged by what it says there', async () => {
    const port = await freeUdpPort()
    await using bench = await makeBench({
      'env/guest.yaml': environment(directory, port),
      'board.spec.ts': spec(port),
    })
    const { stdout, stderr } = await bench.hil(['run', 'board.spec.ts', '--env', 'guest'])
    const { tests } = await bench.summary()
    assert.deepEqual(
      tests.map(({ titles, outcome }) => `${titles.at(-1)}: ${outcome}`),
      [
        'is heard in the plain format: passed',
        'is heard in the extended format, long messages whole: passed',
        'warns on both consoles: failed',
        'warns where the UART says nothing: failed',
        'panics where the UART says nothing: failed',
      ],
      stdout + stderr,
    )
    const [both, ...alone] = complaints(await bench.report('events.jsonl'))
    assert.equal(both?.title, 'WARNING in on_both')
    assert.deepEqual(alone, [
      { on: 'net', title: 'WARNING in on_one' },
      { on: 'net', title: 'kernel panic: sysrq triggered crash' },
    ])
    const log = await bench.report('console-net.log')
    assert.match(log, /Linux version[^]* plainly said\n[^]* é{300}\n[^]* Kernel panic - not syncing: sysrq/)
    assert.doesNotMatch(log, /did not arrive/)
  })
})

/** What the kernel was found to complain about, and on which console; what was only typed is told as `info`. */
function complaints(events: string) {
  return events
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent)
    .map((event) =>
      event.type === 'other-console' ? { on: event.console, said: event.event } : { on: 'main', said: event },
    )
    .flatMap(({ on, said }) =>
      said.type === 'kernel-finding' && said.level !== 'info' ? [{ on, title: said.title }] : [],
    )
}
