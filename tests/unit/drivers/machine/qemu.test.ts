import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Machine } from '../../../../src/board/machine.ts'
import type { Transport } from '../../../../src/board/transport.ts'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { HilError } from '../../../../src/core/errors.ts'
import { qemuMachine } from '../../../../src/drivers/machine/qemu.ts'
import { createTestContext, type TestContext } from '../../../support/driver-context.ts'
import { findProcesses, untilNoProcess } from '../../../support/processes.ts'
import { RecordingReader } from '../../../support/recording-reader.ts'
import { runProgram } from '../../../support/run-program.ts'
import { describeWith } from '../../../support/requirements.ts'

/** Where the package u-boot-qemu puts it. */
const uBootImage = '/usr/lib/u-boot/qemu_arm64/u-boot.bin'

describeWith(['qemu'], 'A QEMU machine that runs U-Boot', () => {
  let context: TestContext
  let t: Deadline
  let machine: Machine
  let reader: RecordingReader
  let transport: Transport

  beforeEach(async () => {
    context = await createTestContext()
    t = startDeadline(15_000, 'test')
  })

  afterEach(async () => {
    await context.release()
    t[Symbol.dispose]()
    assert.deepEqual(await findProcesses(context.temporaryDirectory), [], 'no QEMU is left')
  })

  async function open(options: object = {}): Promise<void> {
    const parsed = qemuMachine.schema.parse({ firmware: uBootImage, memory: 256, ...options })
    machine = await qemuMachine.open(parsed, context, t)
    reader = new RecordingReader()
    transport = await machine.openConsole(reader)
  }

  async function type(text: string): Promise<void> {
    await transport.write(Buffer.from(text))
  }

  async function bootToPrompt(): Promise<void> {
    const from = reader.length
    await machine.power.on(t)
    await reader.waitFor(/stop autoboot/, t, from)
    await type('\r')
    await reader.waitFor(/=> $/, t, from)
  }

  /** Types a command at the prompt. @returns what arrived until the next prompt */
  async function run(command: string): Promise<string> {
    const from = reader.length
    await type(`${command}\r`)
    await reader.waitFor(/\n=> $/, t, from)
    return reader.text(from)
  }

  it('delivers what the board says from its first byte on', async () => {
    await open()
    await machine.power.on(t)
    await reader.waitFor(/Hit any key to stop autoboot/, t)
    assert.match(reader.text(), /^\s*U-Boot 20\d\d\.\d\d/)
    assert.match(machine.versions['qemu'] ?? '', /^\d+\.\d+/)
  })

  it('keeps the console over power cycles, silent while the power is off', async () => {
    await open()
    await bootToPrompt()
    await machine.power.off(t)
    const atPowerOff = reader.length
    await type('dropped')
    assert.equal(reader.length, atPowerOff)
    await bootToPrompt()
    assert.doesNotMatch(reader.text(atPowerOff), /dropped/)
    assert.equal(reader.closedCalls, 0)
  })

  it('says the power state, and takes a second on or off for what it is', async () => {
    await open()
    const states = [await machine.power.state(t)]
    await machine.power.off(t)
    await machine.power.on(t)
    const [first] = await findProcesses(context.temporaryDirectory)
    await machine.power.on(t)
    const running = await findProcesses(context.temporaryDirectory)
    states.push(await machine.power.state(t))
    await machine.power.off(t)
    states.push(await machine.power.state(t))
    assert.deepEqual(states, ['off', 'on', 'off'])
    assert.deepEqual(running, [first])
  })

  it('stays one process when the guest resets itself', async () => {
    await open()
    await bootToPrompt()
    const before = await findProcesses(context.temporaryDirectory)
    const from = reader.length
    await type('reset\r')
    await reader.waitFor(/U-Boot 20[^]*stop autoboot/, t, from)
    assert.deepEqual(await findProcesses(context.temporaryDirectory), before)
  })

  it('is off, and can be switched on, when the guest has powered itself off', async () => {
    await open()
    await bootToPrompt()
    await type('poweroff\r')
    while ((await machine.power.state(t)) === 'on') t.throwIfOver()
    assert.equal(reader.closedCalls, 0)
    await bootToPrompt()
    assert.equal(await machine.power.state(t), 'on')
  })

  it('closes the console with QEMU’s last words when QEMU dies', async () => {
    await open({ drives: [] })
    await bootToPrompt()
    const [id] = await findProcesses(context.temporaryDirectory)
    process.kill(id ?? 0, 'SIGKILL')
    const error = await reader.waitForClose(t)
    assert.ok(error instanceof HilError)
    assert.equal(error.code, 'machine.died')
    assert.equal(error.blame, 'infrastructure')
    assert.match(error.message, /SIGKILL/)
    assert.equal(await machine.power.state(t), 'off')
  })

  it('quotes QEMU when it refuses its command line', async () => {
    await open({ arguments: ['-no-such-option'] })
    await assert.rejects(machine.power.on(t), {
      code: 'machine.refused',
      blame: 'environment',
      message: /-no-such-option: invalid option/,
    })
    assert.equal(await machine.power.state(t), 'off')
  })

  it('stops a start that is given up', async () => {
    await open()
    const starting = assert.rejects(machine.power.on(t), { code: 'machine.stopped' })
    await new Promise(setImmediate)
    await machine.power.off(t)
    await starting
  })

  it('kills a QEMU that does not answer', async () => {
    await open()
    await bootToPrompt()
    const [id] = await findProcesses(context.temporaryDirectory)
    process.kill(id ?? 0, 'SIGSTOP')
    using short = t.within(100, 'power state')
    await assert.rejects(machine.power.state(short), { code: 'deadline.exceeded' })
    await machine.power.off(t)
    assert.equal(await machine.power.state(t), 'off')
    assert.equal(reader.closedCalls, 0)
  })

  it('is not hit by a Ctrl-C at our terminal', async () => {
    await open()
    await machine.power.on(t)
    const [id] = await findProcesses(context.temporaryDirectory)
    const stat = await readFile(`/proc/${id}/stat`, 'utf8')
    // proc(5): pid (comm) state ppid pgrp ...
    const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    assert.equal(Number(group), id, 'QEMU leads a process group of its own')
  })

  it('ends when hil is killed, even by SIGKILL', async () => {
    const hil = runProgram('hold-qemu.ts', [uBootImage])
    const [line] = (await t.race(once(hil.stdout ?? hil, 'data'))) as [Buffer]
    const directory = /^on (\S+)/.exec(line.toString())?.[1] ?? assert.fail(line.toString())
    try {
      assert.equal((await findProcesses(directory)).length, 1)
      hil.kill('SIGKILL')
      await untilNoProcess(directory, t)
    } finally {
      hil.kill('SIGKILL')
      await rm(directory, { recursive: true })
    }
  })

  it('serves published files to the board by TFTP, byte for byte', async () => {
    const content = randomBytes(300_000)
    const source = join(context.temporaryDirectory, 'Image')
    await writeFile(source, content)
    await open({ network: { restrict: true } })
    assert.deepEqual(machine.files?.address, { host: '10.0.2.2', port: 69 })
    const file = await machine.files?.publish('kernels/Image-1', source, t)
    assert.equal(file?.size, content.length)
    assert.equal(file.crc32, crc32(content))
    await writeFile(source, 'built anew')

    await bootToPrompt()
    await run('setenv autoload no; dhcp')
    assert.match(await run(`tftpboot 0x42000000 10.0.2.2:${file.name}`), /Bytes transferred = 300000/)
    const sum = file.crc32.toString(16).padStart(8, '0')
    assert.match(await run('crc32 0x42000000 $filesize'), new RegExp(`==> ${sum}`))
    const [directory] = (await readdir(context.temporaryDirectory)).filter((name) => name.startsWith('tftp-'))
    assert.deepEqual(await readdir(join(context.temporaryDirectory, directory ?? '')), ['kernels'])
  })

  it('refuses a file name that leads out of the served directory', async () => {
    await open()
    for (const name of ['../x', '/etc/passwd', 'a//b', '', 'a\0b']) {
      await assert.rejects(async () => machine.files?.publish(name, uBootImage, t), {
        code: 'files.bad-name',
      })
    }
    await assert.rejects(async () => machine.files?.publish('a', '/nonexistent', t), {
      code: 'files.unreadable',
      message: /\/nonexistent/,
    })
  })

  describe('with a drive', () => {
    const sector = (fill: number) => Buffer.alloc(512, fill)

    async function openWithDrive(drive: object = {}): Promise<string> {
      const image = join(context.temporaryDirectory, 'disk,with comma.img')
      await writeFile(image, Buffer.concat([sector(0x11), Buffer.alloc((1 << 20) + 100)]))
      await open({ drives: [{ path: image, ...drive }] })
      await bootToPrompt()
      return image
    }

    async function readFirstSector(): Promise<string> {
      await run('mw.b 0x42000000 0 0x200')
      assert.match(await run('virtio read 0x42000000 0 1'), /1 blocks read: OK/)
      return /42000000: ([0-9a-f]{8})/.exec(await run('md 0x42000000 1'))?.[1] ?? 'nothing'
    }

    async function writeFirstSector(): Promise<void> {
      await run('mw.b 0x42000000 0x5a 0x200')
      assert.match(await run('virtio write 0x42000000 0 1'), /1 blocks written: OK/)
    }

    it('keeps what the board writes over a power cycle, and the image as it is', async () => {
      const image = await openWithDrive()
      const before = await readFile(image)
      assert.equal(await readFirstSector(), '11111111')
      await writeFirstSector()
      await machine.power.off(t)
      await bootToPrompt()
      assert.equal(await readFirstSector(), '5a5a5a5a')
      await machine.power.off(t)
      assert.ok(before.equals(await readFile(image)))
    })

    it('lets the board change the image when it is told to', async () => {
      const image = await openWithDrive({ snapshot: false })
      await writeFirstSector()
      await machine.power.off(t)
      assert.deepEqual((await readFile(image)).subarray(0, 512), sector(0x5a))
    })

    it('refuses what it can’t lay a layer over', async () => {
      await assert.rejects(open({ drives: [{ path: '/dev/zero' }] }), {
        code: 'machine.no-overlay',
        blame: 'environment',
        message: /\/dev\/zero .* no regular file; say "snapshot: false"/,
      })
      await assert.rejects(open({ drives: [{ path: uBootImage, format: 'qcow2' }] }), {
        message: /does not begin like a qcow2 image/,
      })
    })
  })
})

describeWith(['qemu'], 'The QEMU driver', () => {
  let context: TestContext
  let t: Deadline

  beforeEach(async () => {
    context = await createTestContext()
    t = startDeadline(5000, 'test')
  })

  afterEach(async () => {
    await context.release()
    t[Symbol.dispose]()
  })

  const open = (options: object) => qemuMachine.open(qemuMachine.schema.parse(options), context, t)

  it('names the package when QEMU is not installed', async () => {
    await assert.rejects(open({ binary: 'qemu-system-nowhere', firmware: '/x' }), {
      code: 'machine.not-installed',
      blame: 'environment',
      message: /qemu-system-nowhere is not in PATH; install the package qemu-system /,
    })
  })

  it('says where a missing image has to be put', async () => {
    await assert.rejects(open({ firmware: '/nonexistent/barebox.img' }), {
      code: 'machine.file-missing',
      blame: 'environment',
      message:
        /\/nonexistent\/barebox\.img \(option "firmware" of machine qemu\) does not exist; put the file there/,
    })
    await assert.rejects(open({ firmware: uBootImage, drives: [{ path: '/nonexistent/sd.img' }] }), {
      message: /option "drives\[0\]\.path"/,
    })
  })

  it('refuses a program that is not QEMU', async () => {
    await assert.rejects(open({ binary: 'true', firmware: '/x' }), { code: 'machine.not-qemu' })
  })

  it('needs an image that only it writes to for itself', () => {
    const drives = [{ path: '/a.img', snapshot: false }, { path: '/b.img' }]
    const options = qemuMachine.schema.parse({ firmware: '/f', drives })
    assert.deepEqual(qemuMachine.resources(options), ['file:/a.img'])
  })

  it('refuses options that make no sense together', () => {
    const problems = (options: object) =>
      qemuMachine.schema.safeParse(options).error?.issues.map(({ message }) => message)
    assert.match(problems({})?.[0] ?? '', /nothing to boot/)
    assert.match(problems({ firmware: '/f', append: 'quiet' })?.[0] ?? '', /"append" needs "kernel"/)
    assert.equal(problems({ kernel: '/Image', initrd: '/initrd', append: 'quiet' }), undefined)
    assert.match(problems({ firmware: '/f', memroy: 1 })?.[0] ?? '', /memroy/)
  })
})
