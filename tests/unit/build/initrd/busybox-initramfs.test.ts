import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildBusyboxInitramfs } from '../../../../src/build/initrd/busybox-initramfs.ts'
import { collect } from '../../../../src/codecs/byte-source.ts'
import { readCpio } from '../../../../src/codecs/cpio/index.ts'
import { HilError } from '../../../../src/core/errors.ts'

/** The head of a 64-bit little-endian ELF file with one program header of the given type. */
function elf(programHeaderType: number): Buffer {
  const bytes = Buffer.alloc(64 + 56)
  bytes.write('\x7fELF\x02\x01\x01', 'latin1')
  bytes.writeBigUInt64LE(64n, 32)
  bytes.writeUInt16LE(56, 54)
  bytes.writeUInt16LE(1, 56)
  bytes.writeUInt32LE(programHeaderType, 64)
  return bytes
}

describe('the busybox initramfs', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-test-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  async function file(content: Buffer): Promise<string> {
    const path = join(directory, 'busybox')
    await writeFile(path, content)
    return path
  }

  it('has an init, a console and the shell that init starts', async () => {
    const archive = await buildBusyboxInitramfs(await file(elf(1)))
    const bytes = await collect(archive.open(), 1e6)
    const entries = new Map([...readCpio(bytes)].map((entry) => [entry.path, entry]))
    assert.equal(entries.get('init')?.linkTarget, 'bin/busybox')
    assert.equal(entries.get('bin/busybox')?.permissions, 0o755)
    assert.deepEqual(entries.get('dev/console')?.deviceNode, { major: 5, minor: 1 })
    const inittab = Buffer.from(entries.get('etc/inittab')?.data ?? []).toString()
    for (const [, program] of inittab.matchAll(/\/bin\/(cttyhack|sh)/g)) {
      assert.ok(entries.has(`bin/${program ?? ''}`), `init starts ${program}, which is not there yet`)
    }
  })

  it('is the same bytes for the same busybox', async () => {
    const busybox = await file(elf(1))
    const [one, two] = await Promise.all(
      [1, 2].map(async () => collect((await buildBusyboxInitramfs(busybox)).open(), 1e6)),
    )
    assert.deepEqual(one, two)
  })

  const refused: [string, Buffer, RegExp][] = [
    ['a script', Buffer.from('#!/bin/sh\n'), /is no ELF executable/],
    ['a dynamic executable', elf(3), /is linked dynamically.*busybox-static/],
  ]
  for (const [what, content, message] of refused) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(buildBusyboxInitramfs(await file(content)), (error) => {
        assert.ok(error instanceof HilError)
        assert.equal(error.blame, 'payload')
        assert.match(error.message, message)
        return true
      })
    })
  }

  it('names a busybox that is not there', async () => {
    await assert.rejects(
      buildBusyboxInitramfs(join(directory, 'none')),
      /hil-test-.*none, can't be read: no such file or directory/,
    )
  })
})
