import assert from 'node:assert/strict'
import type { Deadline } from '../../../src/core/deadline.ts'
import type { BoardService } from '../../../src/session/board/board-service.ts'
import { writeFiles, type Files } from '../../support/environment-files.ts'
import { describeWith } from '../../support/requirements.ts'
import { runTool } from '../../unit/codecs/oracle.ts'
import { bareboxDiskBoards } from './disk-boards.ts'
import { bootBoard, bootTimeoutMs } from './boot-board.ts'
import { deadKernel } from './dead-kernel.ts'

for (const { name, needs, machine } of bareboxDiskBoards('stock=1')) {
  describeWith(needs, `A payload in place of what the bootchooser of ${name} would boot`, function () {
    this.timeout(bootTimeoutMs)
    let files: Files
    before(async () => {
      files = await writeFiles({
        Image: deadKernel(),
        'root/loader/entries/stock.conf': 'title stock\nlinux /Image\noptions stock=1\n',
        'root/Image': deadKernel(),
      })
      if (!needs.includes('mke2fs')) return
      runTool('mke2fs', ['-q', '-t', 'ext4', '-d', files.path('root'), files.path('disk'), '16M'])
    })
    after(() => files[Symbol.asyncDispose]())

    /** Two slots, and the first has been given up. */
    const boots = (slots: string) =>
      bootBoard(
        `    machine: { ${machine(files)} }\n    bootloader: barebox\n` +
          `    boot: { source: bootchooser, payload: { kernel: "${files.path('Image')}" } }\n` +
          '    network: { tftp: { embedded: true } }\n',
        {
          state: 'bootloader',
          at: async (service: BoardService, t: Deadline) => {
            const run = (command: string) => service.runInBootloader(t, command, {})
            await run('nv bootchooser.targets="system0 system1"')
            await run('nv bootchooser.system0.boot=nosuch; nv bootchooser.system1.boot=virtioblk0')
            await run(slots)
            await service.goto(t, 'linux')
          },
        },
      )

    it('boots the slot that is next by its own name, without counting it down', async () => {
      const { error, console, events, proofs } = await boots('bootchooser -a 0 system0')
      assert.equal(error, undefined, error?.message)
      assert.match(console, /> boot -o bootm\.image=\S+ virtioblk0 ?\n/)
      assert.match(console, /^commandline: stock=1 bootchooser\.active=system1 .*hil\.payload=/m)
      assert.doesNotMatch(console, /selected target '/)
      const notes = events.flatMap((event) => (event.type === 'note' ? [event.message] : []))
      assert.ok(
        notes.some((note) => note.startsWith('bootchooser would boot its target system1')),
        String(notes),
      )
      assert.equal(proofs[0]?.result, 'proven')
    })

    it('is no failure of the board where every slot has been given up', async () => {
      const { error } = await boots('bootchooser -a 0')
      assert.equal(error?.code, 'boot.no-target', error?.message)
      assert.equal(error.blame, 'infrastructure')
      assert.match(error.message, /"bootchooser -a default" at the barebox prompt/)
    })
  })
}
