import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { debianArm64 } from '../../../scripts/setup/places.mjs'
import { openModuleDirectory } from '../../../src/build/modules/module-files.ts'
import { describeWith } from '../../support/requirements.ts'
import { makeBench } from '../../support/simulated-bench.ts'

describe('hil push', function () {
  this.timeout(60_000)

  it('refuses what is no module before the board is taken', async () => {
    await using bench = await makeBench({ 'foo.ko': 'no module' })
    const { exitCode, stderr } = await bench.hil(['push', 'foo.ko', '--env', 'sim'])
    assert.equal(exitCode, 2)
    assert.match(stderr, /foo\.ko/)
  })

  describeWith(['qemu'], 'with modules of a real kernel', function () {
    this.timeout(180_000)

    async function modulePath(path: string): Promise<string> {
      const root = join(debianArm64().directory, 'modules')
      return join(root, 'lib/modules', (await openModuleDirectory(root)).release, 'kernel', path)
    }

    it('says of a board that is at no shell what to do, and switches nothing', async () => {
      await using bench = await makeBench({})
      const { exitCode, stderr } = await bench.hil([
        'push',
        await modulePath('drivers/net/mii.ko'),
        '--env',
        'sim',
      ])
      assert.equal(exitCode, 2, stderr)
      assert.match(stderr, /sim is at no shell.*hil boot/)
    })

    it('loads modules that need each other into a kernel in QEMU', async () => {
      const environment = await readFile(new URL('../../../env/virt-uboot.yaml', import.meta.url), 'utf8')
      await using bench = await makeBench({ 'env/virt.yaml': environment })
      const modules = [
        await modulePath('drivers/net/net_failover.ko'),
        await modulePath('net/core/failover.ko'),
      ]
      const words = ['push', ...modules, '--env', 'virt', '--state', 'shell']
      const { exitCode, stdout, stderr } = await bench.hil(words)
      assert.equal(exitCode, 0, stderr)
      assert.match(stdout, /failover, net_failover loaded on virt: \d+ kB sent in /)
    })
  })
})
