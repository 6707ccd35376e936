import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { packCpio } from '../../../src/codecs/cpio/index.ts'
import { fromText, fromTexts, packFdt } from '../../../src/codecs/fdt/index.ts'
import { hilCommand, runHil } from '../../support/run-hil.ts'

const sample = (name: string) => fileURLToPath(new URL(`../../fixtures/fuzz/${name}`, import.meta.url))

/** As much of an arm64 kernel as a FIT needs. */
function arm64Image(): Buffer {
  const image = Buffer.alloc(8192)
  image.writeBigUInt64LE(8192n, 16)
  image.write('ARM\x64', 56)
  image.write('Linux version 7.2.13-test (me@host) (gcc 12) #5 SMP PREEMPT\n\0', 4096)
  return image
}

function deviceTree(model: string, compatible: readonly string[]): Uint8Array {
  const properties = new Map([
    ['model', fromText(model)],
    ['compatible', fromTexts(compatible)],
  ])
  return packFdt({ root: { name: '', properties, children: new Map() } })
}

/** Compressed to a length at which no archive may begin. */
function gzipUnaligned(archive: Uint8Array): Buffer {
  for (let padding = 0; ; padding++) {
    const zipped = gzipSync(Buffer.concat([archive, Buffer.alloc(padding)]))
    if (zipped.length % 4 !== 0) return zipped
  }
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

  it('shows columns that a long list of boards does not push apart', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `acme,board-${index}`)
    writeFileSync(join(cwd, 'many.dtb'), deviceTree('Acme', names))
    writeFileSync(join(cwd, 'one.dtb'), deviceTree('One', ['acme,one']))
    await runHil(['fit', 'build', '-k', 'Image.gz', '-o', 'image.fit', 'many.dtb', 'one.dtb'], { cwd })
    const { stdout } = await runHil(['fit', 'inspect', 'image.fit'], { cwd })
    assert.match(stdout, /^ {2}conf-1 {2}kernel \+ fdt-1 {2}Acme {2}acme,board-0, .+, acme,board-39$/m)
    assert.match(stdout, /^ {2}conf-2 {2}kernel \+ fdt-2 {2}One {3}acme,one$/m)
  })

  it('pads ramdisks, which bootloaders join as they are', async () => {
    const first = await packCpio([{ type: 'directory', path: 'a' }])
    const second = await packCpio([{ type: 'directory', path: 'b' }])
    writeFileSync(join(cwd, 'a.cpio.gz'), gzipUnaligned(first))
    writeFileSync(join(cwd, 'b.cpio'), second)
    const ramdisks = ['--ramdisk', 'a.cpio.gz', '--ramdisk', 'b.cpio']
    await runHil(['fit', 'build', '-k', 'Image.gz', '-o', 'image.fit', 'board.dtb', ...ramdisks], { cwd })
    await runHil(['fit', 'extract', 'image.fit', '-o', 'parts'], { cwd })
    const joined = ['ramdisk-1', 'ramdisk-2'].map((name) => readFileSync(join(cwd, 'parts', name)))
    writeFileSync(join(cwd, 'joined'), Buffer.concat(joined))
    const { stdout, exitCode } = await runHil(['payload', 'ls', 'joined'], { cwd })
    assert.equal(exitCode, 0)
    assert.match(stdout, / \/a\n.* \/b\n/)
  })

  it('ends in silence when nobody reads what it says', async () => {
    await runHil(['fit', 'build', '-k', 'Image.gz', '-o', 'image.fit', 'board.dtb'], { cwd })
    const [node, ...args] = hilCommand
    const child = spawn(node, [...args, 'fit', 'inspect', 'image.fit'], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.destroy()
    const [said] = await Promise.all([text(child.stderr), once(child, 'exit')])
    assert.equal(said, '')
    assert.equal(child.exitCode, 0)
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
      /^hil: .+none can't be read: no such file or directory\n$/,
    ],
    [
      'that can not be written',
      'build -k Image.gz -o none/x board.dtb',
      /^hil: .+none\/x can't be written: no such file or directory\n$/,
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
