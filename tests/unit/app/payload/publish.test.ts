import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publishPayload } from '../../../../src/app/payload/publish.ts'
import type { ServedFile } from '../../../../src/board/boot-plan.ts'
import type { FileServer } from '../../../../src/board/file-server.ts'
import { startDeadline } from '../../../../src/core/deadline.ts'
import { stockPayload, type Artifact, type Payload } from '../../../../src/payload/index.ts'

function artifact(kind: Artifact['kind'], name: string): Artifact {
  const sha256 = Buffer.from(name.padEnd(32)).toString('hex')
  return { kind, name, size: 10, sha256, crc32: 1, origin: { kind: 'file', path: name } }
}

/** A server on which files are as they were, or as `change` makes them. */
function server(change: (file: ServedFile) => ServedFile = (file) => file): FileServer {
  return {
    address: { host: '10.0.2.2', port: 6969 },
    publish: (name) => {
      const { sha256 } = artifact('kernel', name)
      return Promise.resolve(change({ name: `one/${name}`, size: 10, sha256, crc32: 1 }))
    },
    fetches: () => [],
  }
}

let directory = ''
before(() => (directory = mkdtempSync(join(tmpdir(), 'hil-publish-'))))
after(() => rmSync(directory, { recursive: true }))

const image = { artifact: artifact('kernel', 'Image'), brings: { deviceTree: false, initrd: false } }

async function plan(
  parts: Partial<Payload>,
  bootargs: readonly string[] = [],
  files = server(),
  { devboot = false, dryRun = false } = {},
) {
  using t = startDeadline(1000, 'test')
  const payload = { ...stockPayload, ...parts }
  const boot = {
    source: 'mmc0',
    bootargs,
    devboot,
    dryRun,
    by: 'network' as const,
    payload: undefined,
    chainload: undefined,
  }
  const context = { board: 'one', files, architecture: 'riscv64', temporaryDirectory: directory }
  return await publishPayload({ payload, paths: new Map() }, boot, context, t)
}

describe('What a bootloader is told about a payload', () => {
  it('leaves alone what the payload lacks', async () => {
    const { override, source } = await plan({ image })
    assert.equal(source, 'mmc0')
    assert.equal(override?.image?.name, 'one/Image')
    assert.equal(override.initrd, undefined)
    assert.equal(override.deviceTree, undefined)
    assert.equal(override.isWhole, false)
    assert.equal(override.needsChecksums, false)
  })

  it("is in a script for barebox's devboot, if the environment asks for that", async () => {
    const files = server()
    const scripts: string[] = []
    const publish: FileServer['publish'] = (name, path, t) => {
      if (name.includes('devboot')) scripts.push(readFileSync(path, 'utf8'))
      return files.publish(name, path, t)
    }
    const { override, bootargs } = await plan(
      { image, bootargs: ['a=1'] },
      ['b=2'],
      { ...files, publish },
      { devboot: true },
    )
    assert.equal(override?.devboot?.name, 'one/hil-devboot-riscv', "barebox's name of the architecture")
    assert.deepEqual(scripts, [`# hil payload ${stockPayload.nonce}\ndevboot_image='one/Image'\n`])
    assert.deepEqual(bootargs, ['b=2', 'a=1', 'loglevel=7'], 'the command line is no part of it')
  })

  it('is to be laid out once before, if the environment asks for that', async () => {
    assert.equal((await plan({ image })).dryRun, undefined)
    assert.equal((await plan({ image }, [], server(), { dryRun: true })).dryRun, true)
    assert.equal((await plan({ image }, [], server(), { dryRun: true, devboot: true })).dryRun, true)
  })

  it('has every part of it, by the names on the server', async () => {
    const initrd = { keepsOwn: true, parts: [artifact('initrd', 'a'), artifact('initrd', 'b')] }
    const deviceTree = { base: artifact('device-tree', 'x.dtb'), overlays: [artifact('overlay', 'y.dtbo')] }
    const { override } = await plan({ image, initrd, deviceTree })
    assert.deepEqual(
      override?.initrd?.files.map(({ name }) => name),
      ['one/a', 'one/b'],
    )
    assert.equal(override.initrd.keepsOwn, true)
    const { base, overlays } = override.deviceTree ?? assert.fail()
    assert.ok(typeof base !== 'string')
    assert.equal(base.name, 'one/x.dtb')
    assert.deepEqual(
      overlays.map(({ name }) => name),
      ['one/y.dtbo'],
    )
  })

  it('is whole where kernel and initramfs are both in it', async () => {
    const initrd = { keepsOwn: false, parts: [artifact('initrd', 'a')] }
    assert.equal((await plan({ image, initrd })).override?.isWhole, true)
    const fit = { ...image, brings: { deviceTree: true, initrd: true } }
    assert.equal((await plan({ image: fit })).override?.isWhole, true)
  })

  it('lifts the quiet of the stock entry, unless somebody has decided how much is said', async () => {
    assert.deepEqual((await plan({ image }, ['ro'])).bootargs, ['ro', 'loglevel=7'])
    for (const decided of ['quiet', 'loglevel=3', 'ignore_loglevel', 'ro debug rw']) {
      assert.deepEqual((await plan({ image }, [decided])).bootargs, [decided])
    }
  })

  it("has the payload's arguments once, where the environment has them too", async () => {
    assert.deepEqual((await plan({ image, bootargs: ['ro', 'quiet'] }, ['ro'])).bootargs, ['ro', 'quiet'])
  })

  it('is nothing, when a file on the server is not the one that the payload was made with', async () => {
    const stale = server((file) => ({ ...file, sha256: 'f'.repeat(64) }))
    await assert.rejects(plan({ image }, [], stale), {
      code: 'proof.published',
      blame: 'infrastructure',
      message: /Image was changed after the payload was made/,
    })
  })
})
