import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { sdwireStorage } from '../../../../src/drivers/storage/sdwire.ts'
import { sdwire3Storage } from '../../../../src/drivers/storage/sdwire3.ts'
import { usbMassStorage } from '../../../../src/drivers/storage/usb-mass-storage.ts'
import { usbsdmuxStorage } from '../../../../src/drivers/storage/usbsdmux.ts'
import { createTestContext, type TestContext } from '../../../support/driver-context.ts'
import { failTools, writeTool } from '../../../support/power/tools.ts'
import { itWith } from '../../../support/requirements.ts'

/** usbsdmux 0.2.1 with one mux. */
const usbsdmux = `
case $2 in
get) cat side 2>/dev/null || echo off;;
dut|client|host|off) test "$(cat fault 2>/dev/null)" = lies || echo $2 | sed s/client/dut/ > side;;
*) echo "usage: usbsdmux [-h] SG {get,dut,client,host,off}" >&2; exit 2;;
esac
`

/** sd-mux-ctrl of Tizen's tools with one device. */
const control = `
[ "$1" = --device-serial=sd-wire_11 ] || { echo "Unable to open ftdi device" >&2; exit 1; }
case $2 in
--ts) echo TS > side;;
--dut) echo DUT > side;;
--status) echo "SD connected to: $(cat side)";;
*) exit 2;;
esac
`

describe('A memory card in a mux', () => {
  let context: TestContext
  let t: Deadline

  beforeEach(async () => {
    t = startDeadline(10_000, 'test')
    context = await createTestContext()
  })
  afterEach(async () => {
    await context.release()
    t[Symbol.dispose]()
  })

  const log = () =>
    readFileSync(join(context.temporaryDirectory, 'device/log'), 'utf8').replaceAll(/^\S+\//gm, '')

  const openMux = async (options: Readonly<Record<string, unknown>> = {}) => {
    const program = await writeTool(context, 'usbsdmux', usbsdmux)
    const given = {
      device: '/dev/usb-sd-mux/id-1',
      usbPath: '9-1',
      program,
      appearWithin: '300ms',
      ...options,
    }
    return usbsdmuxStorage.open(usbsdmuxStorage.schema.parse(given), context, t)
  }

  it('is given to one side and the other by usbsdmux, which is asked whether it did', async () => {
    const mux = await openMux()
    assert.equal(mux.needsPowerOff, true)
    assert.equal(await mux.side(t), 'off')
    await mux.switchTo('board', t)
    assert.equal(await mux.side(t), 'board')
    assert.match(log(), /usbsdmux \/dev\/usb-sd-mux\/id-1 dut\n/)
  })

  it('is not with this machine before its disk has appeared', async () => {
    const mux = await openMux()
    await assert.rejects(mux.switchTo('host', t), { code: 'storage.no-device', message: /at USB 9-1/ })
    assert.equal(await mux.side(t), 'host')
    await assert.rejects(mux.write('/etc/hostname', t), { code: 'storage.no-device' })
  })

  it('says where a mux does not do what it is told, does not answer, or has no tool', async () => {
    const mux = await openMux({ timeout: '1s' })
    await mux.switchTo('board', t)
    await failTools(context, 'lies')
    await assert.rejects(mux.switchTo('host', t), {
      code: 'storage.stuck',
      message: /told "host" and says "board"/,
    })
    await failTools(context, 'fails')
    await assert.rejects(mux.side(t), { code: 'tool.failed', message: /device not responding/ })
    await failTools(context, 'hangs')
    await assert.rejects(mux.side(t), { code: 'tool.timeout', blame: 'infrastructure' })
    const missing = await openMux({ program: 'no-such-usbsdmux' })
    await assert.rejects(missing.side(t), {
      code: 'tool.not-installed',
      blame: 'environment',
      message: 'no-such-usbsdmux is not installed; the package usbsdmux has it',
    })
  })

  itWith(['usbsdmux'], 'is spoken of in words that the real usbsdmux takes', async () => {
    const mux = await openMux({ program: 'usbsdmux', device: '/dev/hil-no-mux' })
    // Its own usage would be exit code 2.
    for (const use of [() => mux.side(t), () => mux.switchTo('board', t), () => mux.switchTo('host', t)]) {
      await assert.rejects(use(), {
        code: 'tool.failed',
        message: /usbsdmux \/dev\/hil-no-mux \w+" failed \(exit code 1\): .*No such file or directory/,
      })
    }
  })

  it('is given to one side and the other by sd-mux-ctrl', async () => {
    const program = await writeTool(context, 'sd-mux-ctrl', control)
    const options = sdwireStorage.schema.parse({
      serial: 'sd-wire_11',
      usbPath: '9-1',
      program,
      appearWithin: '300ms',
    })
    const mux = await sdwireStorage.open(options, context, t)
    await mux.switchTo('board', t)
    assert.equal(await mux.side(t), 'board')
    await assert.rejects(mux.switchTo('host', t), { code: 'storage.no-device' })
    assert.equal(await mux.side(t), 'host')
    writeFileSync(join(context.temporaryDirectory, 'device/side'), 'NONE')
    await assert.rejects(mux.side(t), {
      code: 'storage.answer',
      message: /the SDWire sd-wire_11 says what is no side: "SD connected to: NONE"/,
    })
    const other = await sdwireStorage.open({ ...options, serial: 'another' }, context, t)
    await assert.rejects(other.side(t), { code: 'tool.failed', message: /Unable to open ftdi device/ })
  })

  it('is given to a side by sdwire, where it is sure which one is meant', async () => {
    const row = (name: string) => `${name}\\t[0bda::0316]\\t\\tNone\\n`
    const list = ['one:1.4', 'two:1.5', 'two:1.6'].map(row).join('')
    const program = await writeTool(context, 'sdwire', `[ "$1" != list ] || printf '${list}'`)
    const openOne = (serial: string) => {
      const options = { serial, usbPath: '9-1', program, appearWithin: '300ms' }
      return sdwire3Storage.open(sdwire3Storage.schema.parse(options), context, t)
    }
    const mux = await openOne('one')
    assert.equal(mux.needsPowerOff, true)
    await assert.rejects(mux.switchTo('host', t), { code: 'storage.no-device', message: /at USB 9-1/ })
    assert.match(log(), /sdwire switch -s one:1\.4 host\n$/)
    await assert.rejects(mux.side(t), {
      code: 'storage.no-mux',
      blame: 'infrastructure',
      message: `which SDWire3 is meant by "one" can't be told: none of that serial number is plugged in`,
    })
    await assert.rejects((await openOne('two')).switchTo('board', t), {
      code: 'storage.no-mux',
      blame: 'environment',
      message: /sdwire lists two:1\.5, two:1\.6$/,
    })
    await assert.rejects((await openOne('tw')).switchTo('board', t), /sdwire lists none/)
    assert.doesNotMatch(log(), / dut/)
  })

  it('that the board shows by USB itself is there when its disk is', async () => {
    const options = usbMassStorage.schema.parse({ usbPath: '9-1', appearWithin: '300ms' })
    const disk = await usbMassStorage.open(options, context, t)
    assert.equal(disk.needsPowerOff, false)
    assert.equal(await disk.side(t), 'unknown')
    await disk.switchTo('board', t)
    await assert.rejects(disk.switchTo('host', t), { code: 'storage.no-device' })
  })

  it('is of one run at a time', () => {
    const options = usbsdmuxStorage.schema.parse({ device: '/dev/sg1', usbPath: '1-4.2' })
    assert.deepEqual(usbsdmuxStorage.resources(options), ['sd-mux:/dev/sg1', 'disk:1-4.2'])
  })
})
