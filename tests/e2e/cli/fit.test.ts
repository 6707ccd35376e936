import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { runHil } from '../../support/run-hil.ts'

const sample = (name: string) => fileURLToPath(new URL(`../../fixtures/fuzz/${name}`, import.meta.url))

/** As much of an arm64 kernel as a FIT needs. */
function arm64Image(): Buffer {
  const image = Buffer.alloc(8192)
  image.writeBigUInt64LE(8192n, 16)
  image.write('ARM\x64', 56)
  image.write('Linux version 7.2.13-test (me@host) (gcc 12) #5 SMP PREEMPT\n\0', 4096)
  return image
}

describe('hil fit', () => {
  let cwd: string
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'hil-fit-'))
    writeFileSync(join(cwd, 'board.dtb'), readFileSync(sample('fdt/plain.dtb')))
    writeFileSync(join(cwd, 'Image.gz'), gzipSync(arm64Image()))
    writeFileSync(join(cwd, 'cut.itb'), readFileSync(sample('fit/data-behind.itb')).subarray(0, -100))
  })
  afterEach(() => {
    rmSync(cwd, { recursive: true })
  })

  it('builds a FIT with the kernel compressed once, also when it was compressed before', async () => {
    const built = await runHil(['fit', 'build', '-k', 'Image.gz', '-o', 'image.fit', 'board.dtb'], { cwd })
    assert.equal(built.exitCode, 0, built.stderr)
    await runHil(['fit', 'extract', 'image.fit', 'kernel', '-o', 'parts'], { cwd })
    assert.ok(readFileSync(join(cwd, 'parts', 'kernel')).equals(arm64Image()))
  })

  const refused: readonly [title: string, command: string, sentence: RegExp][] = [
    ['that is cut off', 'inspect cut.itb', /^hil: cut\.itb: the FIT is cut off: the data of .+\n$/],
    ['that is another file', 'verify Image.gz', /^hil: Image\.gz: .+ it is gzipped, unpack it first .+\n$/],
    [
      'that is only a device tree',
      'extract board.dtb -o x',
      /^hil: board\.dtb: this device tree is no FIT.+\n$/,
    ],
    ['that is a directory', 'inspect .', /^hil: .+ can't be read: it is a directory\n$/],
    [
      'whose ramdisk is missing',
      'build -k Image.gz -o x board.dtb --ramdisk none',
      /^hil: .+none can't be read: ENOENT: no such file or directory\n$/,
    ],
    [
      'that can not be written',
      'build -k Image.gz -o none/x board.dtb',
      /^hil: .+none\/x can't be written: ENOENT.+\n$/,
    ],
  ]
  for (const [title, command, sentence] of refused) {
    it(`says in a sentence what is wrong with a FIT ${title}, and leaves nothing behind`, async () => {
      const before = readdirSync(cwd)
      const { exitCode, stderr } = await runHil(['fit', ...command.split(' ')], { cwd })
      assert.match(stderr, sentence)
      assert.equal(exitCode, 2)
      assert.deepEqual(readdirSync(cwd), before)
    })
  }
})
