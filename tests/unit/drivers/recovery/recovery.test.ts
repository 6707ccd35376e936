import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Driver } from '../../../../src/board/driver.ts'
import type { Recovery } from '../../../../src/board/recovery.ts'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import type { HilError } from '../../../../src/core/errors.ts'
import { dfuUtilRecovery } from '../../../../src/drivers/recovery/dfu-util.ts'
import { fastbootRecovery } from '../../../../src/drivers/recovery/fastboot.ts'
import { rkdeveloptoolRecovery } from '../../../../src/drivers/recovery/rkdeveloptool.ts'
import { untilAppears } from '../../../../src/drivers/recovery/until-appears.ts'
import { uuuRecovery } from '../../../../src/drivers/recovery/uuu.ts'
import { createTestContext, type TestContext } from '../../../support/driver-context.ts'
import { writeTool } from '../../../support/power/tools.ts'
import { itWith } from '../../../support/requirements.ts'

describe('A bootloader by USB', function () {
  this.timeout(15_000)
  let context: TestContext
  let t: Deadline

  beforeEach(async () => {
    t = startDeadline(20_000, 'test')
    context = await createTestContext()
  })
  afterEach(async () => {
    await context.release()
    t[Symbol.dispose]()
  })

  const device = (file: string) => join(context.temporaryDirectory, 'device', file)

  const ran = () =>
    readFileSync(device('log'), 'utf8')
      .split('\n')
      .map((line) => line.replace(/^\S+\//, ''))

  /** With a program that stands in for the real one. */
  const open = async (driver: Driver<'recovery'>, options: object, script: string): Promise<Recovery> => {
    const program = await writeTool(context, driver.name, script)
    return driver.open(driver.schema.parse({ ...options, program }), context, t)
  }

  const openReal = (driver: Driver<'recovery'>, options: object) =>
    driver.open(driver.schema.parse({ timeout: '3s', ...options }), context, t)

  /** What the stand-ins list is in a file. */
  const plugIn = (rows: string) => {
    writeFileSync(device('listed'), rows)
  }

  const isAbsent = async (recovery: Recovery, message: RegExp) => {
    // Long enough for a program to run once where the machine is busy.
    using short = t.within(1200, 'a short wait')
    await assert.rejects(
      recovery.appear(short),
      (error: { code: string; blame: string; message: string }) => {
        assert.deepEqual([error.code, error.blame], ['recovery.absent', 'board'])
        assert.match(error.message, message)
        return true
      },
    )
  }

  it('comes by uuu once the ROM is there, at the port that is meant', async () => {
    const uuu = await open(
      uuuRecovery,
      { load: { bootloader: '/fw/flash.bin' }, usbPath: '1-4.2' },
      '[ "$1" = -lsusb ] && cat listed 2>/dev/null\ntrue',
    )
    plugIn('\t1:41\t MX8MP\t SDPS:\t 0x1FC9\t0x0146\t 0x0002\n')
    await isAbsent(uuu, /did not appear; there is "1:41\\t MX8MP/)
    const appeared = uuu.appear(t)
    plugIn('\t1:42\t MX8MP\t SDPS:\t 0x1FC9\t0x0146\t 0x0002\n')
    await appeared
    await uuu.load(t)
    assert.equal(ran().at(-2), 'uuu -m 1:42 /fw/flash.bin')
    const builtin = await open(uuuRecovery, { load: { builtin: 'spl', files: ['/fw/a'] } }, 'true')
    await builtin.load(t)
    assert.equal(ran().at(-2), 'uuu -b spl /fw/a')
  })

  it('comes by rkdeveloptool: loader, writes, reset', async () => {
    const options = {
      loader: '/fw/loader.bin',
      write: [
        { sector: 64, file: '/fw/idb' },
        { sector: 0x4000, file: '/fw/uboot' },
      ],
    }
    const rk = await open(
      rkdeveloptoolRecovery,
      options,
      'case $1 in ld) cat listed 2>/dev/null || { echo "not found any devices!"; exit 1; };; esac',
    )
    await isAbsent(rk, /a Rockchip in its Maskrom or loader mode did not appear; nothing did/)
    plugIn('DevNo=1\tVid=0x2207,Pid=0x350a,LocationID=105\tMaskrom\n')
    await rk.appear(t)
    await rk.load(t)
    assert.deepEqual(
      ran().filter((line) => line !== '' && !line.endsWith(' ld')),
      ['db /fw/loader.bin', 'wl 64 /fw/idb', 'wl 16384 /fw/uboot', 'rd'].map(
        (words) => `rkdeveloptool ${words}`,
      ),
    )
    plugIn('DevNo=1\tVid=0x2207,LocationID=105\tMaskrom\nDevNo=2\tVid=0x2207,LocationID=106\tMaskrom\n')
    await assert.rejects(rk.appear(t), { code: 'recovery.several', blame: 'environment' })
  })

  it('comes by dfu-util, one stage after the other, also where a board that starts does not say good-bye', async () => {
    const download = [
      { alt: 'bootloader', file: '/fw/tiboot3.bin', reset: true },
      { alt: 0, file: '/fw/tispl.bin' },
    ]
    const script = `
case " $* " in
*" -l "*) cat listed 2>/dev/null; exit 0;;
*" -R "*) echo "Download done."; echo "unable to read DFU status after completion (LIBUSB_ERROR_IO)" >&2; exit 74;;
*tispl*) [ -e broken ] && { echo "dfu-util: Error during download" >&2; exit 74; }; echo "Download done.";;
esac`
    const dfu = await open(dfuUtilRecovery, { device: '0451:6165', usbPath: '1-4.2', download }, script)
    await isAbsent(dfu, /a board in DFU mode at USB 1-4.2 did not appear/)
    plugIn(
      'Found DFU: [0451:6165] ver=0200, devnum=9, cfg=1, intf=0, path="1-4.2", alt=0, name="bootloader"\n',
    )
    await dfu.load(t)
    assert.deepEqual(
      ran().filter((line) => line.includes('-D')),
      [
        'dfu-util -d 0451:6165 -p 1-4.2 -a bootloader -D /fw/tiboot3.bin -R',
        'dfu-util -d 0451:6165 -p 1-4.2 -a 0 -D /fw/tispl.bin',
      ],
    )
    writeFileSync(device('broken'), '')
    await assert.rejects(dfu.load(t), { code: 'tool.failed', message: /Error during download/ })
  })

  it('comes by fastboot, step by step', async () => {
    const steps = [
      { flash: 'bootloader', file: '/fw/u-boot.bin' },
      { oem: 'run:setenv a b' },
      { stage: '/fw/x' },
      { run: 'continue' },
    ]
    const fastboot = await open(
      fastbootRecovery,
      { usbPath: '1-4', steps },
      '[ "$1" = devices ] && cat listed 2>/dev/null\ntrue',
    )
    plugIn('0123456789             fastboot usb:1-5\n')
    await isAbsent(fastboot, /a board in fastboot \(usb:1-4\) did not appear; there is "0123456789/)
    plugIn('0123456789             fastboot usb:1-4\n')
    await fastboot.appear(t)
    await fastboot.load(t)
    assert.deepEqual(ran().slice(-5, -1), [
      'fastboot -s usb:1-4 flash bootloader /fw/u-boot.bin',
      'fastboot -s usb:1-4 oem run:setenv a b',
      'fastboot -s usb:1-4 stage /fw/x',
      'fastboot -s usb:1-4 continue',
    ])
  })

  itWith(['uuu'], 'is asked of the real uuu, which has no board', async () => {
    const uuu = await openReal(uuuRecovery, { load: { script: '/etc/hostname' } })
    await isAbsent(uuu, /an i.MX in its recovery mode did not appear; nothing did/)
    const missing = await openReal(uuuRecovery, { load: { bootloader: '/no/flash.bin' }, usbPath: '1-4.2' })
    await assert.rejects(missing.load(t), {
      code: 'tool.failed',
      message: /fail open file: .*flash\.bin/,
    })
  })

  itWith(['rkdeveloptool'], 'is asked of the real rkdeveloptool, which has no board', async () => {
    const rk = await openReal(rkdeveloptoolRecovery, { loader: '/etc/hostname' })
    await isAbsent(rk, /nothing did/)
    await assert.rejects(rk.load(t), { code: 'tool.failed', message: /Did not find any rockusb device/ })
  })

  itWith(['dfu-util'], 'is asked of the real dfu-util, which has no board', async () => {
    const download = [{ alt: 'bootloader', file: '/etc/hostname', reset: true }]
    const dfu = await openReal(dfuUtilRecovery, {
      device: '0451:6165',
      usbPath: '1-4.2',
      serial: 'x',
      download,
    })
    await isAbsent(dfu, /nothing did/)
  })

  itWith(['fastboot'], 'is asked of the real fastboot, which has no board', async () => {
    const fastboot = await openReal(fastbootRecovery, {
      serial: 'hil',
      steps: [{ flash: 'boot', file: '/etc/hostname' }],
    })
    await isAbsent(fastboot, /nothing did/)
    await assert.rejects(fastboot.load(t), { code: 'tool.timeout', message: /fastboot -s hil flash boot/ })
  })

  it('is not blamed for somebody who gave up waiting', async () => {
    const leaving = new AbortController()
    using limit = startDeadline(60_000, 'the board', { signal: leaving.signal })
    const appeared = untilAppears(
      'a board',
      () => {
        leaving.abort(new Error('interrupted'))
        return Promise.resolve({ isThere: false, seen: '' })
      },
      limit,
    )
    await assert.rejects(appeared, { message: 'interrupted' })
  })

  it('says of each tool that is missing what has it', async () => {
    const file = device('file')
    const drivers: readonly (readonly [Driver<'recovery'>, object, RegExp])[] = [
      [uuuRecovery, { load: { bootloader: file } }, /uuu/],
      [dfuUtilRecovery, { download: [{ alt: 'spl', file }] }, /the package dfu-util/],
      [fastbootRecovery, { steps: [{ run: 'reboot' }] }, /the package fastboot/],
      [rkdeveloptoolRecovery, { loader: file }, /the package rkdeveloptool/],
    ]
    for (const [driver, options, source] of drivers) {
      const program = `/no/such/${driver.name}`
      const recovery = await driver.open(driver.schema.parse({ ...options, program }), context, t)
      for (const call of [() => recovery.appear(t), () => recovery.load(t)]) {
        await assert.rejects(call, (error: HilError) => {
          assert.equal(error.code, 'tool.not-installed')
          assert.equal(error.blame, 'environment')
          assert.match(error.message, new RegExp(`^${program} is not installed; .*${source.source} has it$`))
          return true
        })
      }
    }
  })
})
