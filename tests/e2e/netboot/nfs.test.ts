import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bareboxImage, debianArm64 } from '../../../scripts/setup/places.mjs'
import { lackOfNfs, startNfsServer, type TestNfsServer } from '../../support/nfs/ganesha.ts'
import { describeWith } from '../../support/requirements.ts'
import { runHil } from '../../support/run-hil.ts'
import { bootBoard, bootTimeoutMs } from '../payload/boot-board.ts'

const title = 'A root file system that barebox boots by NFS'
const lack = await lackOfNfs()
if (lack === undefined) describeWith(['barebox'], title, defineTests)
else describe.skip(`${title} [skipped: ${lack}]`, defineTests)

function defineTests(this: Mocha.Suite) {
  this.timeout(bootTimeoutMs)
  let directory: string
  let root: string
  let server: TestNfsServer | undefined

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'hil-nfsroot-'))
    root = join(directory, 'root')
    mkdirSync(join(root, 'boot'), { recursive: true })
    copyFileSync(debianArm64().kernel, join(root, 'boot/Image'))
    server = await startNfsServer(root)
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    if (server !== undefined) rmSync(directory, { recursive: true, force: true })
  })

  it('is prepared and checked by hil netboot nfs, and booted from nfs://', async () => {
    const { exitCode, stdout } = await runHil([
      'netboot',
      'nfs',
      root,
      '--bootargs',
      'console=ttyAMA0 panic=5',
    ])
    assert.match(stdout, /^ok {7}loader\/entries\/hil-nfs\.conf is written: it boots boot\/Image$/m)
    assert.match(
      stdout,
      /^ok {7}127\.0\.0\.1 lets \S+ be mounted by NFS version 3 over UDP, as barebox does it$/m,
    )
    assert.equal(exitCode, 0)

    const elsewhere = await runHil(['netboot', 'nfs', directory, '--dry-run'])
    assert.match(elsewhere.stdout, /^problem {2}127\.0\.0\.1 does not let \S+ be mounted: /m)
    assert.equal(elsewhere.exitCode, 2)

    const yaml = `    machine: { driver: qemu, firmware: "${bareboxImage()}" }
    bootloader: barebox
    boot: { source: 'nfs://10.0.2.2/${root}' }
`
    const { error, console } = await bootBoard(yaml, { state: 'linux' })
    assert.equal(error, undefined, error?.message)
    assert.match(console, /Booting entry 'NFS root, by hil /)
    // It loads no modules, so that Debian's kernel can't go further than this.
    assert.match(
      console,
      new RegExp(`^commandline: console=ttyAMA0 panic=5 root=/dev/nfs nfsroot=10.0.2.2:${root},`, 'm'),
    )
  })

  it('has the files of a payload for the time of a boot, fetched by barebox by NFS', async () => {
    const { kernel, busybox } = debianArm64()
    const yaml = `    machine: { driver: qemu, firmware: "${bareboxImage()}" }
    bootloader: barebox
    network: { nfs: { directory: "${root}", address: 10.0.2.2 } }
    boot: { payload: { kernel: "${kernel}", busybox: "${busybox}" } }
`
    const before = readdirSync(root)
    const { error, proofs } = await bootBoard(yaml, { state: 'shell' })
    assert.equal(error, undefined, error?.message)
    assert.equal(proofs[0]?.result, 'proven')
    assert.deepEqual(readdirSync(root), before)
  })
}
