import assert from 'node:assert/strict'
import { requirePrompt } from '../../../src/app/doctor/steps/bootloader.ts'
import { logInOverSsh } from '../../../src/app/doctor/steps/ssh.ts'
import { askWhereItIs } from '../../../src/app/doctor/steps/tftp-address.ts'
import { withBoardIn } from '../../support/examine.ts'
import { useLabDirectory } from '../../support/lab-directory.ts'
import { describeWith } from '../../support/requirements.ts'
import { simulatedBoards } from '../../support/simulated-bench.ts'
import { startSshd, type TestSshd } from '../../support/ssh/sshd.ts'

describeWith(
  ['sshd'],
  'The SSH step of hil doctor, at a board whose address is that of a real OpenSSH',
  function () {
    this.timeout(120_000)
    useLabDirectory()
    let sshd: TestSshd
    before(async () => {
      sshd = await startSshd()
    })
    after(() => sshd[Symbol.asyncDispose]())

    const logIn = (more: string) => {
      const { port, user, key } = sshd
      const ssh = `{ host: 127.0.0.1, port: ${port}, user: ${user}, key: "${key}", ${more} }`
      return withBoardIn('shell', simulatedBoards(undefined, `    ssh: ${ssh}\n`), logInOverSsh)
    }

    it('says where it logged in', async () => {
      assert.deepEqual(await logIn(`host-key: "${sshd.hostKey}", identity: false`), [
        { level: 'ok', words: 'logged in to 127.0.0.1' },
      ])
    })

    it('fails where another machine has the address', async () => {
      await assert.rejects(logIn(`host-key: "${sshd.hostKey}"`), {
        code: 'ssh.wrong-board',
        blame: 'infrastructure',
        message: /is not sim, or not the same boot of it: its boot_id is /,
      })
    })

    it('fails where the host key is not that of the environment', async () => {
      const other = `SHA256:${'A'.repeat(43)}`
      await assert.rejects(logIn(`host-key: "${other}"`), { code: /^ssh\./, message: new RegExp('host key') })
    })
  },
)

describe('The SSH step of hil doctor', function () {
  this.timeout(60_000)
  useLabDirectory()

  it('has nothing to try where the environment says nothing of SSH', async () => {
    const found = await withBoardIn('shell', simulatedBoards(), logInOverSsh)
    assert.deepEqual(found, { nothingToTry: 'the environment says nothing of SSH' })
  })
})

describe('The network in which hil doctor looks for a board', function () {
  this.timeout(60_000)
  useLabDirectory()
  const eth1 = { interface: 'eth1', address: '10.0.2.2' }

  const ask = (yaml: string) =>
    withBoardIn('bootloader', yaml, (bench, t) =>
      askWhereItIs(requirePrompt(bench), t, () => Promise.resolve(eth1)),
    )

  it('is the one in which its barebox gets an address', async () => {
    assert.deepEqual(await ask(simulatedBoards()), { board: '10.0.2.15', own: eth1 })
  })

  describeWith(['qemu'], 'asked of a real bootloader', () => {
    it('is the one in which its U-Boot gets an address', async () => {
      const yaml = `boards:
  virt:
    architecture: arm64
    compatible: linux,dummy-virt
    machine: { driver: qemu, firmware: /usr/lib/u-boot/qemu_arm64/u-boot.bin }
    bootloader: uboot
`
      assert.deepEqual(await ask(yaml), { board: '10.0.2.15', own: eth1 })
    })
  })
})
