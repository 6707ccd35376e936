import assert from 'node:assert/strict'
import { execa } from 'execa'
import type { Machine } from '../../../../src/board/machine.ts'
import type { Transport } from '../../../../src/board/transport.ts'
import { startDeadline, type Deadline } from '../../../../src/core/deadline.ts'
import { libvirtMachine } from '../../../../src/drivers/machine/libvirt.ts'
import { createTestContext, type TestContext } from '../../../support/driver-context.ts'
import { defineTwin, twinPrograms } from '../../../support/power/libvirt-twin.ts'
import { startLibvirtd, type Libvirtd } from '../../../support/power/libvirtd.ts'
import { findProcesses } from '../../../support/processes.ts'
import { RecordingReader } from '../../../support/recording-reader.ts'
import { describeWith } from '../../../support/requirements.ts'

describeWith(twinPrograms, 'A virtual machine of libvirt', function () {
  this.timeout(60_000)
  let libvirt: Libvirtd
  let context: TestContext
  let t: Deadline
  let machine: Machine
  let reader: RecordingReader
  let transport: Transport

  const virsh = (...args: readonly string[]) => execa('virsh', ['--connect', libvirt.qemuUri, ...args])
  const open = (domain: string) =>
    libvirtMachine.open(libvirtMachine.schema.parse({ domain, uri: libvirt.qemuUri }), context, t)

  before(async () => {
    libvirt = await startLibvirtd()
    await defineTwin(libvirt)
  })

  after(() => (libvirt as Libvirtd | undefined)?.[Symbol.asyncDispose]())

  beforeEach(async () => {
    t = startDeadline(50_000, 'test')
    context = await createTestContext()
    machine = await open('twin')
    reader = new RecordingReader()
    transport = await machine.openConsole(reader)
  })

  afterEach(async () => {
    await transport.close()
    await context.release()
    await virsh('destroy', 'twin').catch(() => undefined)
    t[Symbol.dispose]()
  })

  const untilPrompt = (from = 0) => reader.waitFor(/=> $/, t, from)

  it('is heard from its first byte, and answers', async () => {
    await machine.power.on(t)
    assert.equal(await machine.power.state(t), 'on')
    await reader.waitFor(/stop autoboot/, t)
    assert.match(reader.text(), /^[\r\n]*U-Boot \d{4}\./)
    await transport.write(Buffer.from('\n'))
    await untilPrompt()
    const from = reader.length
    await transport.write(Buffer.from('echo it is $arch\n'))
    await reader.waitFor(/it is arm\r\n/, t, from)
  })

  it('is silent without power, and heard again when it has some', async () => {
    await machine.power.on(t)
    await reader.waitFor(/U-Boot/, t)
    await machine.power.off(t)
    assert.equal(await machine.power.state(t), 'off')
    await transport.write(Buffer.from('to nobody\n'))
    assert.equal(reader.closedCalls, 0)
    const from = reader.length
    await machine.power.on(t)
    await reader.waitFor(/U-Boot/, t, from)
  })

  it('takes no console away from somebody, and tells who has it', async () => {
    await machine.power.on(t)
    const other = await open('twin')
    await assert.rejects(other.openConsole(new RecordingReader()), {
      code: 'console.ended',
      blame: 'infrastructure',
      message: /twin.*Active console session exists/,
    })
  })

  it('refuses the one byte that virsh would end at', async () => {
    await machine.power.on(t)
    await assert.rejects(transport.write(Buffer.from('a\x1d')), { code: 'transport.escape' })
  })

  it('is none where libvirt does not have it', async () => {
    await assert.rejects(open('nobody'), { code: 'power.no-outlet', blame: 'environment' })
  })

  it('says that its console was lost while the machine ran on', async () => {
    await machine.power.on(t)
    await reader.waitFor(/U-Boot/, t)
    for (const pid of await findProcesses('console --domain twin')) process.kill(pid, 'SIGKILL')
    assert.match(String(await reader.waitForClose(t)), /no console of the virtual machine twin/)
  })
})
