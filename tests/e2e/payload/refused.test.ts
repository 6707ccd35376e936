import assert from 'node:assert/strict'
import { readFile, truncate, writeFile } from 'node:fs/promises'
import { collect } from '../../../src/codecs/byte-source.ts'
import { fromText, packFdt } from '../../../src/codecs/fdt/index.ts'
import { buildFit } from '../../../src/codecs/fit/index.ts'
import { writeFiles, type Files } from '../../support/environment-files.ts'
import { describeWith } from '../../support/requirements.ts'
import { runHil } from '../../support/run-hil.ts'
import { bootBoard, bootTimeoutMs } from './boot-board.ts'
import { deadKernel } from './dead-kernel.ts'

function deviceTree(compatible: string): Uint8Array {
  const properties = new Map([['compatible', fromText(compatible)]])
  return packFdt({ root: { name: '', properties, children: new Map() } })
}

/** A FIT with a kernel for one kind of board. */
async function fitFor(compatible: string): Promise<Uint8Array> {
  const fit = await buildFit({
    description: 'a kernel that does nothing',
    timestamp: 0,
    architecture: 'arm64',
    kernel: { description: 'dead', data: deadKernel() },
    deviceTrees: [{ name: 'board.dtb', data: deviceTree(compatible) }],
    // barebox looks at 4096 bytes to tell what a file is.
    compressor: 'none',
    hashes: ['sha256'],
  })
  return collect(fit.open(), fit.size)
}

const environment = `boards:
  board:
    architecture: arm64
    compatible: linux,dummy-virt
    machine: simulator
    bootloader: barebox
    boot: { source: virtioblk0 }
`

describe('A payload that can not boot its board', function () {
  this.timeout(bootTimeoutMs)
  let files: Files

  beforeEach(async () => {
    files = await writeFiles({ 'env.yaml': environment, Image: deadKernel() })
  })
  afterEach(() => files[Symbol.asyncDispose]())

  const hil = (...words: readonly string[]) => runHil(words, { cwd: files.directory })
  const build = async (...words: readonly string[]) => {
    const { exitCode, stderr } = await hil('payload', 'build', '-o', 'out', ...words)
    assert.equal(exitCode, 0, stderr)
  }

  const cases: readonly [title: string, code: RegExp, make: () => Promise<readonly string[]>][] = [
    [
      "that is another board's",
      /no configuration is for "linux,dummy-virt"/,
      async () => {
        await writeFile(files.path('other.fit'), await fitFor('acme,board'))
        return ['--fit', 'other.fit']
      },
    ],
    [
      'whose FIT is cut off',
      /the FIT is cut off|has \d+ bytes, of which the file holds/,
      async () => {
        const fit = await fitFor('linux,dummy-virt')
        await writeFile(files.path('cut.fit'), fit.subarray(0, -100))
        return ['--fit', 'cut.fit']
      },
    ],
    [
      'whose file was replaced since it was made',
      /Image has \d+ bytes where payload\.json says|its SHA-256 is/,
      async () => {
        await build('--kernel', 'Image')
        await truncate(files.path('out/Image'), 4096)
        return ['--payload', 'out']
      },
    ],
  ]
  for (const [title, says, make] of cases) {
    it(`${title} is refused before the power is switched`, async () => {
      const { exitCode, stdout, stderr } = await hil('boot', '--env', 'env.yaml', ...(await make()))
      assert.equal(exitCode, 2, stdout + stderr)
      assert.match(stdout + stderr, says)
      const events = await readFile(files.path('reports/latest/events.jsonl'), 'utf8').catch(() => '')
      assert.doesNotMatch(events, /"type":"power"|"type":"console-tx"/)
    })
  }
})

describeWith(['qemu'], 'A bootloader that boots signed images only', function () {
  this.timeout(bootTimeoutMs)

  it('loses the override without a word, and the run ends without a verdict about the payload', async () => {
    await using files = await writeFiles({
      'stock.fit': await fitFor('linux,dummy-virt'),
      Image: deadKernel('Linux version 6.2.0-payload (me@here) (gcc 12) #1 SMP'),
    })
    const { error, proofs } = await bootBoard(
      `    machine: { driver: simulator-qemu, barebox: { signed-images: true }, stock: { kernel: "${files.path('stock.fit')}" } }\n` +
        `    bootloader: barebox\n    boot: { source: virtioblk0, payload: { kernel: "${files.path('Image')}" } }\n`,
      { state: 'linux' },
    )
    assert.equal(error?.code, 'boot.override-lost', error?.message)
    assert.equal(error.blame, 'infrastructure')
    assert.match(error.message, /images that must be signed/)
    assert.ok(proofs.every(({ result }) => result !== 'proven'))
  })
})
