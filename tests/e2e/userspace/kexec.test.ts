import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianArm64, debianArm64Cloud } from '../../../scripts/setup/places.mjs'
import { buildGuestInitramfs } from '../../support/guest.ts'
import { describeWith } from '../../support/requirements.ts'
import { bootBoard, bootTimeoutMs } from '../payload/boot-board.ts'

describeWith(['qemu', 'arm64-tools'], 'A board whose system starts the payload by kexec', function () {
  this.timeout(bootTimeoutMs)
  let directory: string

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-guest-'))
    await writeFile(join(directory, 'initrd'), await buildGuestInitramfs({}))
  })
  after(() => rm(directory, { recursive: true, force: true }))

  const board = (append = '') => `    strategy: kexec
    machine:
      driver: qemu
      kernel: ${debianArm64().kernel}
      initrd: ${join(directory, 'initrd')}
      append: console=ttyAMA0 own=1 ${append}
    boot: { payload: { kernel: "${debianArm64Cloud().kernel}", busybox: "${debianArm64().busybox}" } }
`

  it('runs it with the command line of the system, proven as with a bootloader', async () => {
    let line = ''
    const { error, proofs } = await bootBoard(board(), {
      at: async (service, t) => {
        line = (await service.runInShell(t, 'uname -r; cat /proc/cmdline', {})).stdout
      },
    })
    assert.equal(error, undefined)
    assert.match(line, /^\S+-cloud-arm64\n.*\bown=1\b/)
    const links = (proofs.at(-1)?.links ?? []).map(
      ({ link, file = '', status }) => `${link} ${file} ${status}`,
    )
    assert.deepEqual(links, [
      ...['published Image proven', 'fetched Image proven'],
      ...['published initrd.cpio.gz proven', 'fetched initrd.cpio.gz proven'],
      ...['boot-command  proven', 'handed-over  proven', 'banner  proven', 'command-line  proven'],
      ...['version  proven', 'nonce  proven', 'build-id  proven'],
    ])
  })
})
