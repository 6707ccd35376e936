import assert from 'node:assert/strict'
import {
  readFileSync,
  writeFileSync,
  linkSync,
  mkdirSync,
  statSync,
  symlinkSync,
  readlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { collect, toByteSource } from '../../../../src/codecs/byte-source.ts'
import {
  createCpio,
  packCpio,
  readCpio,
  readCpioStream,
  toCpioItems,
} from '../../../../src/codecs/cpio/index.ts'
import type { CpioEntry, CpioItem } from '../../../../src/codecs/cpio/index.ts'
import { HilError } from '../../../../src/core/errors.ts'
import { describeWith } from '../../../support/requirements.ts'
import { runTool, useScratch } from '../oracle.ts'

const everyKind: CpioItem[] = [
  { type: 'file', path: 'usr/lib/modules/6.1/a.ko', data: 'module', mtime: 7 },
  { type: 'directory', path: 'usr', permissions: 0o711, uid: 1, gid: 2 },
  { type: 'symlink', path: 'lib', target: 'usr/lib' },
  { type: 'character-device', path: 'dev/console', major: 5, minor: 1 },
  { type: 'block-device', path: 'dev/vda', major: 254, minor: 0 },
  { type: 'fifo', path: 'run/pipe' },
  { type: 'file', path: 'init', permissions: 0o4755, data: '#!/bin/sh\n' },
  { type: 'hard-link', path: 'sbin/init', target: '/init' },
  { type: 'file', path: 'empty', data: '' },
]

describe('cpio archives', () => {
  it('come sorted, with the parents that were missing, each before its children', async () => {
    const paths = [...readCpio(await packCpio(everyKind))].map(({ path }) => path)
    assert.deepEqual(paths, [
      ...['dev', 'dev/console', 'dev/vda', 'empty', 'init', 'lib', 'run', 'run/pipe', 'sbin', 'sbin/init'],
      ...['usr', 'usr/lib', 'usr/lib/modules', 'usr/lib/modules/6.1', 'usr/lib/modules/6.1/a.ko'],
    ])
  })

  it('give back every field of every kind of entry', async () => {
    const byPath = new Map([...readCpio(await packCpio(everyKind))].map((entry) => [entry.path, entry]))
    const pick = (path: string) => {
      const { type, permissions, uid, gid, mtime, nlink, deviceNode, linkTarget } = byPath.get(
        path,
      ) as CpioEntry
      return { type, permissions, uid, gid, mtime, nlink, deviceNode, linkTarget }
    }
    const plain = {
      uid: 0,
      gid: 0,
      mtime: 0,
      nlink: 1,
      deviceNode: { major: 0, minor: 0 },
      linkTarget: undefined,
    }
    assert.deepEqual(pick('usr'), {
      ...plain,
      type: 'directory',
      permissions: 0o711,
      uid: 1,
      gid: 2,
      nlink: 2,
    })
    assert.deepEqual(pick('lib'), { ...plain, type: 'symlink', permissions: 0o777, linkTarget: 'usr/lib' })
    const console = {
      ...plain,
      type: 'character-device',
      permissions: 0o600,
      deviceNode: { major: 5, minor: 1 },
    }
    assert.deepEqual(pick('dev/console'), console)
    assert.deepEqual(pick('init'), { ...plain, type: 'file', permissions: 0o4755, nlink: 2 })
    assert.equal(byPath.get('sbin/init')?.ino, byPath.get('init')?.ino)
    assert.equal(byPath.get('usr/lib/modules/6.1/a.ko')?.mtime, 7)
  })

  it('are the same bytes whatever order the items come in, and as large as announced', async () => {
    const bytes = await packCpio(everyKind)
    assert.deepEqual(await packCpio([...everyKind].reverse()), bytes)
    assert.equal(createCpio(everyKind).size, bytes.length)
    assert.equal(createCpio(everyKind, { alignment: 512 }).size % 512, 0)
  })

  it('survive reading and writing again, hard links included', async () => {
    const bytes = await packCpio(everyKind, { format: 'crc' })
    assert.deepEqual(await packCpio(toCpioItems(readCpio(bytes)), { format: 'crc' }), bytes)
  })

  it('refuse a path that leaves the root, a duplicate, a child of a file and a dangling hard link', () => {
    const refuse = (code: string, ...items: CpioItem[]) => {
      assert.throws(() => createCpio(items), { name: 'HilError', code, blame: 'payload' })
    }
    refuse('cpio.bad-path', { type: 'file', path: 'a/../../etc/passwd', data: '' })
    refuse('cpio.bad-path', { type: 'directory', path: '/' })
    refuse('cpio.bad-path', { type: 'directory', path: 'TRAILER!!!' })
    refuse('cpio.bad-path', { type: 'directory', path: 'x'.repeat(256) })
    refuse(
      'cpio.duplicate-path',
      { type: 'file', path: 'a', data: '' },
      { type: 'file', path: './a', data: '' },
    )
    refuse(
      'cpio.parent-not-directory',
      { type: 'symlink', path: 'a', target: 'b' },
      { type: 'fifo', path: 'a/b' },
    )
    refuse('cpio.bad-hard-link', { type: 'hard-link', path: 'a', target: 'b' })
    refuse(
      'cpio.bad-hard-link',
      { type: 'directory', path: 'b' },
      { type: 'hard-link', path: 'a', target: 'b' },
    )
    refuse('cpio.bad-link-target', { type: 'symlink', path: 'a', target: '' })
  })

  it('fail when a file changes its size while it is packed', async () => {
    const shrinking = { size: 10, open: () => toByteSource('short').open() }
    await assert.rejects(packCpio([{ type: 'file', path: 'a', data: shrinking }]), {
      code: 'content.size-changed',
    })
    const growing = { size: 1, open: () => toByteSource('longer').open() }
    await assert.rejects(packCpio([{ type: 'file', path: 'a', data: growing }]), {
      code: 'content.size-changed',
    })
  })

  it('read the same from a stream, wherever it is cut', async () => {
    const bytes = await packCpio(everyKind, { format: 'crc' })
    const whole = [...readCpio(bytes)].map((entry) => ({
      ...entry,
      data: Buffer.from(entry.data).toString(),
    }))
    for (const step of [1, 3, 109, 110, 111, 4096]) {
      const seen = []
      for await (const entry of readCpioStream(inSteps(bytes, step))) {
        const data = entry.linkTarget ?? Buffer.from(await collect(entry.data, 1e6)).toString()
        seen.push({ ...entry, data })
      }
      assert.deepEqual(seen, whole)
    }
  })

  it('skip data that nobody reads from a stream', async () => {
    const paths = []
    for await (const { path } of readCpioStream(inSteps(await packCpio(everyKind), 7))) paths.push(path)
    assert.equal(paths.length, 15)
  })

  it('are refused when their trailer says that it has data, read from memory or from a stream', async () => {
    const bytes = Buffer.from(await packCpio([{ type: 'directory', path: 'a' }]))
    bytes.write('00100000', bytes.lastIndexOf('070701') + 6 + 8 * 6, 'latin1')
    assert.throws(() => [...readCpio(bytes)], { code: 'cpio.truncated' })
    await assert.rejects(
      async () => {
        for await (const { path } of readCpioStream(inSteps(bytes, 7))) assert.equal(path, 'a')
      },
      { code: 'cpio.truncated' },
    )
  })

  it('are refused where they are damaged, with the offset', async () => {
    const bytes = Buffer.from(await packCpio([{ type: 'file', path: 'a', data: 'data' }], { format: 'crc' }))
    const damaged = (change: (copy: Buffer) => Uint8Array, code: string, details: object) => {
      assert.throws(
        () => [...readCpio(change(Buffer.from(bytes)))],
        (error) => {
          assert.ok(error instanceof HilError)
          assert.deepEqual({ code: error.code, ...error.details }, { code, ...error.details, ...details })
          return true
        },
      )
    }
    damaged((copy) => copy.subarray(0, 114), 'cpio.truncated', { offset: 0 })
    damaged((copy) => copy.subarray(0, 116), 'cpio.truncated', { offset: 116 })
    damaged((copy) => (copy.fill('!', 114, 115), copy), 'cpio.bad-checksum', { path: 'a' })
    damaged((copy) => (copy.write('070707'), copy), 'cpio.magic', { offset: 0, magic: '070707' })
    damaged((copy) => (copy.write('xyz', 20), copy), 'cpio.damaged-header', { offset: 0, field: 1 })
    damaged((copy) => (copy.write('00000000', 94), copy), 'cpio.bad-name', { offset: 0 })
    damaged((copy) => (copy.write('!', 111), copy), 'cpio.bad-name', { offset: 0 })
  })

  describeWith(['cpio'], 'and GNU cpio', () => {
    const scratch = useScratch()

    it('unpacks what hil packs, with checksums and without', async () => {
      for (const format of ['newc', 'crc'] as const) {
        const files = everyKind.filter(({ type }) => !type.endsWith('-device'))
        const directory = join(scratch(), format)
        mkdirSync(directory)
        runTool('cpio', ['-idu', '--quiet', '--no-preserve-owner'], {
          cwd: directory,
          input: await packCpio(files, { format }),
        })
        assert.equal(readFileSync(join(directory, 'usr/lib/modules/6.1/a.ko'), 'utf8'), 'module')
        assert.equal(statSync(join(directory, 'sbin/init')).ino, statSync(join(directory, 'init')).ino)
        assert.equal(readFileSync(join(directory, 'sbin/init'), 'utf8'), '#!/bin/sh\n')
        assert.equal(readlinkSync(join(directory, 'lib')), 'usr/lib')
        assert.equal(statSync(join(directory, 'usr')).mode & 0o777, 0o711)
        assert.ok(statSync(join(directory, 'run/pipe')).isFIFO())
      }
    })

    it('lists the device numbers that hil wrote', async () => {
      const listing = runTool('cpio', ['-itv', '--quiet'], { input: await packCpio(everyKind) }).toString()
      assert.match(listing, /^crw-------\s+1 root\s+root\s+5,\s+1 .* dev\/console$/m)
      assert.match(listing, /^brw-------\s+1 root\s+root\s+254,\s+0 .* dev\/vda$/m)
    })

    it('packs what hil reads, hard links and checksums included', () => {
      const directory = scratch()
      mkdirSync(join(directory, 'd'))
      writeFileSync(join(directory, 'd/file'), 'content')
      linkSync(join(directory, 'd/file'), join(directory, 'link'))
      symlinkSync('d/file', join(directory, 'symlink'))
      for (const format of ['newc', 'crc']) {
        const input = 'd\nd/file\nlink\nsymlink\n'
        const archive = runTool('cpio', ['-o', '--quiet', '-H', format], { cwd: directory, input })
        assert.equal(archive.length % 512, 0)
        const entries = [...readCpio(archive)]
        assert.deepEqual(entries.map(({ path, type }) => `${path} ${type}`).sort(), [
          ...['d directory', 'd/file file', 'link file', 'symlink symlink'],
        ])
        const items = new Map(toCpioItems(entries).map((item) => [item.path, item]))
        assert.deepEqual(items.get('link')?.type === 'hard-link', items.get('d/file')?.type !== 'hard-link')
        const file = [...items.values()].find(({ type }) => type === 'file')
        assert.equal(file?.type === 'file' && Buffer.from(file.data as Uint8Array).toString(), 'content')
      }
    })
  })
})

// eslint-disable-next-line @typescript-eslint/require-await -- stands for a stream
async function* inSteps(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
}
