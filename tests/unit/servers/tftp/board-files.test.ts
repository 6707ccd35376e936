import assert from 'node:assert/strict'
import { startDeadline } from '../../../../src/core/deadline.ts'
import { UndoStack } from '../../../../src/core/undo-stack.ts'
import { boardFiles } from '../../../../src/servers/tftp/board-files.ts'
import { startTftpServer } from '../../../../src/servers/tftp/tftp-server.ts'
import { writeFiles } from '../../../support/environment-files.ts'
import { fetchFile } from '../../../support/tftp/client.ts'

describe("A board's files on a TFTP server", () => {
  it('have names that every bootloader can take, of that board alone, until the board is released', async () => {
    using t = startDeadline(5000, 'test')
    await using files = await writeFiles({ a: 'content' })
    const server = await startTftpServer({ host: '127.0.0.1', port: 0 })
    const { port } = server.address
    try {
      const undo = new UndoStack()
      const address = { host: '10.0.0.1', port: 69 }
      const corner = boardFiles(server, { board: 'rock 3a', address, undo })
      assert.deepEqual(corner.address, address)
      for (const [name, expected] of [
        ['kernel', 'rock_3a/kernel'],
        ['fit@conf-1: a b', 'rock_3a/fit_conf-1__a_b'],
        ['../../etc/../x', 'rock_3a/_../_../etc/_../x'],
        ['/ab//c', 'rock_3a/_/ab/_/c'],
        ['kühl.dtb', 'rock_3a/k_hl.dtb'],
      ] as const) {
        const { name: served } = await corner.publish(name, files.path('a'), t)
        assert.equal(served, expected)
        assert.match(served, /^[\w.+/-]+$/)
        assert.equal((await fetchFile({ port, name: served }, t)).content.toString(), 'content')
      }
      assert.ok(corner.owns('rock_3a/kernel'))
      assert.ok(!corner.owns('rock_3/kernel'))
      assert.equal(corner.fetches('rock_3a/kernel').length, 1)
      await undo.run()
      await assert.rejects(fetchFile({ port, name: 'rock_3a/kernel' }, t), { code: 1 })
    } finally {
      await server.close()
    }
  })
})
