import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Storage } from '../../../../src/board/storage.ts'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { usbsdmuxStorage } from '../../../../src/drivers/storage/usbsdmux.ts'
import { createTestContext, type TestContext } from '../../../support/driver-context.ts'
import { makeLoopDisk, type LoopDisk } from '../../../support/loop-disk.ts'
import { muxDevice, startMuxMachine, type MuxMachine } from '../../../support/mux-machine.ts'
import { describeWith } from '../../../support/requirements.ts'
import { runTool } from '../../codecs/oracle.ts'

const mebibyte = 1 << 20

describeWith(['sshd', 'loop', 'mount-namespaces'], 'The disk of a mux on another machine', function () {
  this.timeout(60_000)
  let context: TestContext
  let disk: LoopDisk
  let machine: MuxMachine
  let card: Storage
  let image: string
  let t: Deadline

  beforeEach(async () => {
    t = startDeadline(50_000, 'the test')
    context = await createTestContext()
    const { temporaryDirectory } = context
    disk = makeLoopDisk(temporaryDirectory, mebibyte)
    machine = await startMuxMachine(context, disk, mebibyte)
    image = join(temporaryDirectory, 'image')
    await writeFile(image, randomBytes(4096))
    const { port, user, key, hostKey } = machine.sshd
    const options = usbsdmuxStorage.schema.parse({
      device: muxDevice,
      appearWithin: '5s',
      ssh: { host: '127.0.0.1', port, user, key, hostKey },
    })
    card = await usbsdmuxStorage.open(options, context, t)
  })
  afterEach(async () => {
    await context.release()
    await machine[Symbol.asyncDispose]()
    disk[Symbol.dispose]()
    t[Symbol.dispose]()
  })

  /** Asserts that nothing is written, for that reason. @param blame whose the failure is */
  const refuses = async (code: string, blame: string, message: string) => {
    const before = await readFile(disk.device)
    await assert.rejects(card.write(image, t), { code, blame, message })
    assert.ok((await readFile(disk.device)).equals(before))
  }

  it('is refused where it is mounted there', async () => {
    const place = join(context.temporaryDirectory, 'mounted')
    await mkdir(place)
    runTool('mkfs.ext2', ['-q', disk.device])
    // Its file system writes a few words whenever it likes where it may.
    runTool('mount', ['-o', 'ro', disk.device, place])
    try {
      const use = `${basename(disk.device)} is mounted at ${place}`
      await refuses('storage.in-use', 'environment', `${disk.device} on 127.0.0.1 is in use there: ${use}`)
    } finally {
      runTool('umount', [place])
    }
  })

  it('is refused where it, or a part of it, is held by something', async () => {
    const name = basename(disk.device)
    for (const [part, holders] of [
      [name, join(machine.block, 'holders')],
      [`${name}p1`, join(machine.block, `${name}p1/holders`)],
    ] as const) {
      await mkdir(holders, { recursive: true })
      await writeFile(join(dirname(holders), 'size'), '2048\n')
      await writeFile(join(holders, 'md0'), '')
      const use = `${part} is held by md0`
      await refuses('storage.in-use', 'environment', `${disk.device} on 127.0.0.1 is in use there: ${use}`)
      await rm(holders, { recursive: true })
    }
  })

  it('is refused where its card is locked', async () => {
    await writeFile(join(machine.block, 'ro'), '1\n')
    const message = `${disk.device} on 127.0.0.1 can't be written: look at the lock of the card`
    await refuses('storage.read-only', 'environment', message)
  })

  it('is refused where the mux has several', async () => {
    const other = join(dirname(machine.block), 'sdzz')
    await mkdir(other)
    await writeFile(join(other, 'size'), '2048\n')
    await writeFile(join(other, 'ro'), '0\n')
    await mkdir(join(machine.sys, 'block/sdzz'), { recursive: true })
    for (const attribute of ['size', 'ro'])
      await writeFile(join(machine.sys, 'block/sdzz', attribute), attribute === 'ro' ? '0\n' : '2048\n')
    const names = `${basename(disk.device)}, sdzz`
    await refuses(
      'storage.several',
      'environment',
      `127.0.0.1 has several of the disk of the mux ${muxDevice}: ${names}`,
    )
  })

  it('is waited for, and said to be empty or not there where it does not come', async () => {
    await writeFile(join(machine.block, 'size'), '0\n')
    await refuses('storage.no-medium', 'infrastructure', `${disk.device} on 127.0.0.1 has no medium in it`)
    await rename(machine.block, join(context.temporaryDirectory, 'pulled'))
    await refuses('storage.no-device', 'infrastructure', `127.0.0.1 has not the disk of the mux ${muxDevice}`)
  })

  it('is written where nothing is in the way', async () => {
    const { isVerified } = await card.write(image, t)
    assert.equal(isVerified, true)
    assert.ok((await readFile(disk.device)).subarray(0, 4096).equals(await readFile(image)))
  })
})
