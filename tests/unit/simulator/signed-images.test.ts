import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeOverrideFiles } from '../../support/barebox/override-files.ts'
import { typeCase } from '../../support/barebox/typed-case.ts'
import { atBarebox, type BoardConsole } from './board-console.ts'

/** After barebox, common/bootm.c and common/bootm-overrides.c: no image that is built so is at hand to be recorded. */
describe('A simulated barebox that boots signed images only', () => {
  let directory: string
  let board: BoardConsole

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-test-'))
    board = await atBarebox({ barebox: { signedImages: true } })
    for (const name of await writeOverrideFiles(directory)) {
      await board.machine.files?.publish(name, join(directory, name), board.t)
    }
  })

  after(async () => {
    board[Symbol.dispose]()
    await rm(directory, { recursive: true })
  })

  it('boots the FIT of an entry as it is, and loses overrides without a word', async () => {
    const asItIs = await typeCase(board, 'boot -d /mnt/tftp/loader/entries/fit.conf')
    assert.match(asItIs.output, /Loading ARM aarch64 Linux\/EFI image '\/mnt\/tftp\/\/full\.fit'/)
    const overridden = await typeCase(
      board,
      'boot -d -o bootm.image=/mnt/tftp/Image -o bootm.initrd= /mnt/tftp/loader/entries/fit.conf',
    )
    assert.equal(overridden.output, asItIs.output.replace(/^eth0: .*\n/, ''))
  })

  it('boots nothing that is no FIT', async () => {
    const { output } = await typeCase(board, 'boot -d /mnt/tftp/loader/entries/stock.conf; echo $?')
    assert.match(output, /Signed boot and image is no FIT image, aborting\n.*blspec: Booting failed\n/)
    assert.match(output, /failed: Invalid argument\nNothing bootable found\n1\n$/)
  })
})
