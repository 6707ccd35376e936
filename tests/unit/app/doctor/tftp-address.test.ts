import assert from 'node:assert/strict'
import { addressFinding, askWhereItIs } from '../../../../src/app/doctor/steps/tftp-address.ts'
import type { Bootloader } from '../../../../src/board/bootloader.ts'
import { startDeadline } from '../../../../src/core/deadline.ts'

/** This machine: a network of people, and one of boards. */
const towards = (host: string) =>
  Promise.resolve(
    host.startsWith('10.0.0.')
      ? { interface: 'eth1', address: '10.0.0.1' }
      : host.startsWith('192.168.1.')
        ? { interface: 'eth0', address: '192.168.1.7' }
        : undefined,
  )

/** A bootloader that prints one line at the last command, and what it was told. */
function bootloader(kind: Bootloader['kind'], line: string) {
  const told: string[] = []
  const run: Bootloader['run'] = (command) => {
    told.push(command)
    const stdout = command.startsWith('echo') ? `${line}\n` : ''
    return Promise.resolve({ command, stdout, exitCode: 0, kernelLines: [], durationMs: 0 })
  }
  return { kind, run, told }
}

describe('Where a board is that fetches from a machine with several networks', () => {
  async function ask(kind: Bootloader['kind'], line: string) {
    using t = startDeadline(10_000, 'test')
    return await askWhereItIs(bootloader(kind, line), t, towards)
  }

  it('is what its bootloader got by DHCP, and decides which of the networks is named', async () => {
    assert.deepEqual(await ask('uboot', '10.0.0.23'), {
      board: '10.0.0.23',
      own: { interface: 'eth1', address: '10.0.0.1' },
    })
    const found = (await ask('barebox', '0.0.0.0 192.168.1.40 ')) ?? assert.fail()
    assert.equal(found.board, '192.168.1.40', 'the interface that has one')
    const { words, advice, blame } = addressFinding(found)
    assert.match(words, /it has 192\.168\.1\.40 by DHCP, which is reached from 192\.168\.1\.7 \(eth0\)/)
    assert.equal(advice, 'write "tftp: { embedded: { listen: eth0 } }" below "network:"')
    assert.equal(blame, 'environment')
  })

  it('is asked in the words of each bootloader', async () => {
    using t = startDeadline(10_000, 'test')
    const uboot = bootloader('uboot', '10.0.0.23')
    await askWhereItIs(uboot, t, towards)
    assert.deepEqual(uboot.told, ['setenv autoload no', 'dhcp', 'echo $ipaddr'])
    const barebox = bootloader('barebox', '10.0.0.23')
    await askWhereItIs(barebox, t, towards)
    assert.deepEqual(barebox.told, ['ifup -a1', 'echo $eth0.ipaddr $eth1.ipaddr $eth2.ipaddr'])
  })

  it('is not known where it got no address, or this machine knows no way there', async () => {
    assert.equal(await ask('uboot', ''), undefined)
    assert.equal(await ask('barebox', '0.0.0.0  '), undefined)
    assert.equal(await ask('uboot', '203.0.113.9'), undefined)
  })
})
