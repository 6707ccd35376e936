import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { bareboxImage } from '../../../scripts/setup/places.mjs'
import type { BoardService } from '../../../src/session/board/board-service.ts'
import type { Deadline } from '../../../src/core/deadline.ts'
import { describeWith } from '../../support/requirements.ts'
import { bootBoard, bootTimeoutMs } from '../payload/boot-board.ts'

const content = randomBytes(100_001)

const boards = [
  {
    ...{ name: 'barebox', needs: 'barebox', firmware: bareboxImage(), place: '/file', wrong: '/a b' },
    look: 'ls -l /file',
    shows: / 100001 \/file\n/,
  },
  {
    ...{ name: 'uboot', needs: 'qemu', firmware: '/usr/lib/u-boot/qemu_arm64/u-boot.bin' },
    ...{ place: '$loadaddr', wrong: '/file', look: 'crc32 $loadaddr 1', shows: /==> / },
  },
]

for (const { name, needs, firmware, place, wrong, look, shows } of boards) {
  describeWith([needs], `Files at the prompt of ${name}`, function () {
    this.timeout(bootTimeoutMs)

    it('come from the network, and are proven; others than it takes are refused', async () => {
      const at = async (service: BoardService, t: Deadline) => {
        const seen: number[] = []
        const { size, by } = await service.putFile(t, content, place, {}, ({ done }) => seen.push(done))
        assert.deepEqual([size, by, seen.at(-1)], [100_001, 'bootloader', 100_001])
        assert.match((await service.runInBootloader(t, look, {})).stdout, shows)
        await assert.rejects(service.putFile(t, content, wrong, {}), {
          code: 'transfer.refused',
          blame: 'test',
        })
        await assert.rejects(service.putFile(t, '/no/such/file', place, {}), { code: 'transfer.local' })
        await assert.rejects(service.getFile(t, place, '/tmp/x', {}), { code: 'transfer.refused' })
        await service.runInBootloader(t, 'version', {})
      }
      const yaml = `    machine: { driver: qemu, firmware: "${firmware}" }\n    bootloader: ${name}\n`
      const { error } = await bootBoard(yaml, { state: 'bootloader', at })
      assert.equal(error, undefined)
    })
  })
}
