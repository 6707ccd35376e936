import assert from 'node:assert/strict'
import type { FileServer } from '../../../src/board/file-server.ts'
import { writeFiles, type Files } from '../../support/environment-files.ts'
import { describeWith } from '../../support/requirements.ts'
import { runTool } from '../../unit/codecs/oracle.ts'
import { bareboxDiskBoards } from './disk-boards.ts'
import { bootBoard, bootTimeoutMs, type BootResult } from './boot-board.ts'
import { deadKernel } from './dead-kernel.ts'
import { overwriteServed } from './overwrite-served.ts'

/** barebox's own lines of what it was told, as they were echoed. */
function commands({ console }: BootResult): readonly string[] {
  return console
    .split('\n')
    .flatMap((line) => /> ((?:boot|devboot|bootm) .*)$/.exec(line)?.[1] ?? [])
    .filter((command) => !command.includes('hil-none'))
    .map((command) => command.trim().replaceAll(/=\S+/g, '=...'))
}

for (const { name, needs, machine } of bareboxDiskBoards()) {
  describeWith(needs, `A dry run of ${name}`, function () {
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

    const yaml = (boot: string) =>
      `    machine: { ${machine(files)} }\n    bootloader: barebox\n` +
      `    boot: { dry-run: true, payload: { kernel: "${files.path('Image')}" }, ${boot} }\n` +
      '    network: { tftp: { embedded: true } }\n'

    for (const { command, boot } of [
      { command: 'boot', boot: 'source: virtioblk0' },
      { command: 'devboot', boot: 'source: virtioblk0, devboot: true' },
    ]) {
      it(`goes before the boot by ${command}, and proves nothing of it`, async () => {
        const fetched: number[] = []
        const result = await bootBoard(yaml(boot), {
          state: 'linux',
          cheat: {
            observed: ({ type }, server) => {
              if (type === 'boot-command') fetched.push(completeFetches(server))
            },
          },
        })
        assert.equal(result.error, undefined, result.error?.message)
        const options = command === 'boot' ? '-o bootm.image=... ' : ''
        assert.deepEqual(commands(result), [
          `${command} -d -d ${options}virtioblk0`,
          `${command} ${options}virtioblk0`,
        ])
        assert.deepEqual(fetched, [1])
        assert.equal(result.proofs[0]?.result, 'proven')
      })

      it(`that fails is the end of it, by ${command}`, async () => {
        const result = await bootBoard(yaml(boot.replace('virtioblk0', 'nosuch')), { state: 'linux' })
        assert.equal(result.error?.code, 'boot.failed', result.error?.message)
        assert.match(result.error.message, /boot -d -d .*Nothing bootable found/)
        assert.equal(commands(result).length, 1)
      })
    }

    // Another kind of server: one that tells nothing.
    if (name !== 'barebox') return
    it('does not stand for a boot that finds another file on its server', async () => {
      const result = await bootBoard(yaml('source: virtioblk0').replace(/ {4}network.*/, ''), {
        state: 'linux',
        cheat: {
          observed: ({ type }, server) => {
            if (type === 'dry-run') overwriteServed(server, 'Image')
          },
        },
      })
      assert.equal(result.error?.code, 'boot.fetch-failed', result.error?.message)
      assert.match(result.error.message, /fetched other bytes than were published as "Image"/)
      assert.equal(commands(result).length, 1)
    })
  })
}

/** How often the kernel was fetched as a whole. */
function completeFetches(server: FileServer): number {
  return server.fetches?.('one/Image').filter(({ end }) => end === 'complete').length ?? 0
}
