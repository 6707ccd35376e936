import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDeadline } from '../../../../src/core/deadline.ts'
import { untilDisk } from '../../../../src/drivers/storage/block-device.ts'
import { fakeSystem, type FakeDisk } from '../../../support/loop-disk.ts'

const size = 1 << 30

describe('The disk at a USB path', () => {
  let directory: string

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'hil-disk-'))
  })
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true })
  })

  const find = async (usbPath: string, disks: readonly FakeDisk[], { lun = 0, mounts = '' } = {}) => {
    const root = fakeSystem(directory, disks, mounts)
    using t = startDeadline(300, 'the disk')
    const { device, size: found } = await untilDisk({ usbPath, lun }, t, root)
    return [device.slice(root.dev.length + 1), found]
  }

  it('is found by where it is plugged in, and by its slot', async () => {
    const disks = [
      { name: 'sda', usbPath: '1-4', size: size * 2 },
      { name: 'sdb', usbPath: '1-4.2', size },
      { name: 'sdc', usbPath: '1-4.2', size: size * 4, lun: 1 },
      { name: 'sdd', usbPath: '1-4.21', size: size * 8 },
    ]
    assert.deepEqual(await find('1-4.2', disks), ['sdb', size])
    rmSync(join(directory, 'sys'), { recursive: true })
    assert.deepEqual(await find('1-4.2', disks, { lun: 1 }), ['sdc', size * 4])
  })

  it('is no other disk, which is named where there is none', async () => {
    await assert.rejects(find('1-4.3', [{ name: 'sdb', usbPath: '1-4.2', size }]), {
      code: 'storage.no-device',
      message: 'no disk appeared at USB 1-4.3, LUN 0: there are only 1-4.2 (sdb, LUN 0) plugged in',
    })
  })

  it('is waited for until it has a medium', async () => {
    const root = fakeSystem(directory, [{ name: 'sdb', usbPath: '1-4', size: 0 }])
    using t = startDeadline(5000, 'the disk')
    const found = untilDisk({ usbPath: '1-4', lun: 0 }, t, root)
    writeFileSync(join(root.sys, 'block/sdb/size'), `${size / 512}\n`)
    assert.equal((await found).size, size)
  })

  it('is not said to be missing where somebody gave up waiting for it', async () => {
    const leaving = new AbortController()
    using t = startDeadline(60_000, 'the disk', { signal: leaving.signal })
    const found = untilDisk({ usbPath: '1-4', lun: 0 }, t, fakeSystem(directory, [], ''))
    leaving.abort(new Error('interrupted'))
    await assert.rejects(found, { message: 'interrupted' })
  })

  it('is refused where it is empty, locked, mounted or held by something', async () => {
    const disk = { name: 'sdb', usbPath: '1-4', size }
    for (const [disks, mounts, code, message] of [
      [[{ ...disk, size: 0 }], '', 'storage.no-medium', /no medium/],
      [[{ ...disk, readOnly: true }], '', 'storage.read-only', /lock of the card/],
      [[disk], '/dev/sdb1 /media/card ext4 rw 0 0\n', 'storage.in-use', /sdb1 is mounted at \/media\/card/],
      [[{ ...disk, holders: ['dm-0'] }], '', 'storage.in-use', /held by dm-0/],
    ] as const) {
      await assert.rejects(find('1-4', disks, { mounts }), (error: { code: string; message: string }) => {
        assert.equal(error.code, code)
        assert.match(error.message, message)
        return true
      })
      for (const part of ['sys', 'dev', 'proc']) rmSync(join(directory, part), { recursive: true })
    }
  })
})
