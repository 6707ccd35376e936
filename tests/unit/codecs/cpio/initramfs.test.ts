import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { collect, type Content } from '../../../../src/codecs/byte-source.ts'
import type { Compression, Decompressor } from '../../../../src/codecs/compression/index.ts'
import { joinMembers, packCpio, readInitramfs, unpackInitramfs } from '../../../../src/codecs/cpio/index.ts'
import type { CpioItem, UnpackedTree } from '../../../../src/codecs/cpio/index.ts'
import { HilError } from '../../../../src/core/errors.ts'
import { describeWith } from '../../../support/requirements.ts'
import { runTool } from '../oracle.ts'

const file = (path: string, data = path): CpioItem => ({ type: 'file', path, data })
const directory = (path: string): CpioItem => ({ type: 'directory', path })
const symlink = (path: string, target: string): CpioItem => ({ type: 'symlink', path, target })

async function join(...members: Content[]): Promise<Uint8Array> {
  return collect(joinMembers(members).open(), 1e9)
}

/** Entries exactly as listed: no parents added, no order changed. */
async function packRaw(...items: CpioItem[]): Promise<Uint8Array> {
  const parts = await Promise.all(
    items.map(async (item) => {
      const archive = Buffer.from(await packCpio([item]))
      const start = archive.lastIndexOf(item.path) - 110
      return archive.subarray(start, archive.indexOf('TRAILER!!!') - 110)
    }),
  )
  return Buffer.concat([...parts, await packCpio([])])
}

async function unpack(...members: Content[]): Promise<UnpackedTree> {
  const initramfs = await readInitramfs(await join(...members))
  assert.equal(initramfs.failure, undefined)
  return unpackInitramfs(initramfs)
}

function text(tree: UnpackedTree, path: string): string | undefined {
  const node = tree.lookup(path)
  return node === undefined || node.type === 'directory' ? node?.type : Buffer.from(node.data).toString()
}

describe('an initramfs of several members', () => {
  it('is read whether its members are compressed or not, with padding between them', async () => {
    const bare = await packCpio([file('a')])
    const both = await join(await packCpio([file('b')]), await packCpio([file('c')]))
    const { members, failure } = await readInitramfs(await join(bare, gzipSync(both), gzipSync(bare), bare))
    assert.equal(failure, undefined)
    assert.deepEqual(
      members.map(({ compression, archives }) => [
        compression,
        archives.map((entries) => entries.map(({ path }) => path)),
      ]),
      [
        ['none', [['a']]],
        ['gzip', [['b'], ['c']]],
        ['gzip', [['a']]],
        ['none', [['a']]],
      ],
    )
  })

  it('is read up to an archive that is not padded, and says what the kernel will say', async () => {
    const packed = gzipSync(await packCpio([file('a')]))
    const odd = Buffer.concat([packed, new Uint8Array((5 - (packed.length % 4)) % 4)])
    assert.equal(odd.length % 4, 1)
    const { members, failure } = await readInitramfs(Buffer.concat([odd, await packCpio([file('b')])]))
    assert.equal(members.length, 1)
    assert.equal(failure?.code, 'initramfs.unknown-member')
    assert.equal(failure.details['kernelSays'], 'invalid magic at start of compressed archive')
    assert.match(failure.message, /pad the member before it with 3 NULs/)
  })

  it('is refused where something follows an archive out of place', async () => {
    const archive = await packCpio([file('a')])
    const shifted = Buffer.concat([archive, new Uint8Array(1), gzipSync(archive)])
    assert.equal((await readInitramfs(shifted)).failure?.code, 'initramfs.broken-padding')
    const junk = gzipSync(Buffer.concat([archive, Buffer.from('junk')]))
    assert.equal((await readInitramfs(junk)).failure?.code, 'initramfs.junk')
  })

  it('keeps what came before a cut, and names the place', async () => {
    const bytes = await packCpio([file('a'), file('b', 'x'.repeat(1000))])
    const { members, failure } = await readInitramfs(bytes.subarray(0, 800))
    assert.deepEqual(
      members[0]?.archives[0]?.map(({ path }) => path),
      ['a'],
    )
    assert.equal(failure?.code, 'cpio.truncated')
    const packed = gzipSync(bytes)
    const { failure: inGzip } = await readInitramfs(packed.subarray(0, packed.length - 9))
    assert.equal(inGzip?.code, 'compression.damaged')
  })

  it('never unpacks more than it was allowed', async () => {
    const bomb = gzipSync(new Uint8Array(10_000_000))
    const { failure } = await readInitramfs(bomb, { limit: 1_000_000 })
    assert.equal(failure?.code, 'compression.too-large')
  })

  it('names a compressor that it has no program for', async () => {
    const { failure } = await readInitramfs(Buffer.from('28b52ffd00', 'hex'))
    assert.equal(failure?.code, 'compression.unsupported')
    assert.equal(failure.details['compression'], 'zstd')
  })

  describe('compressed by the usual tools', () => {
    const tools: Record<Exclude<Compression, 'lz4-frame'>, { pack: string[]; unpack: string[] }> = {
      gzip: { pack: ['gzip', '-c'], unpack: ['gzip', '-dc'] },
      bzip2: { pack: ['bzip2', '-c'], unpack: ['bzip2', '-dc'] },
      lzma: {
        pack: ['xz', '--format=lzma', '-c'],
        unpack: ['xz', '--format=lzma', '-dc'],
      },
      xz: { pack: ['xz', '--check=crc32', '-c'], unpack: ['xz', '-dc'] },
      lzo: { pack: ['lzop', '-c'], unpack: ['lzop', '-dc'] },
      lz4: { pack: ['lz4', '-l', '-c'], unpack: ['lz4', '-dc'] },
      zstd: { pack: ['zstd', '-q', '-c'], unpack: ['zstd', '-q', '-dc'] },
    }
    const run = ([tool, ...args]: string[], input: Uint8Array) => runTool(tool ?? '', args, { input })
    const decompress: Decompressor = (compression, input) =>
      Promise.resolve(run(tools[compression as 'xz'].unpack, input))

    for (const [compression, { pack }] of Object.entries(tools)) {
      describeWith(compression === 'gzip' ? [] : [pack[0] ?? ''], compression, () => {
        it('is recognised, unpacked, and the member after it found', async () => {
          const many = Array.from({ length: 2000 }, (_, index) =>
            file(`f${index}`, `content ${index * 7919}`),
          )
          const packed = run(pack, await packCpio(many))
          // Nothing but unpacking shows where lzma ends.
          const rest = compression === 'lzma' ? [] : [await packCpio([file('last')])]
          const { members, failure } = await readInitramfs(await join(packed, ...rest), { decompress })
          assert.equal(failure, undefined)
          assert.equal(members[0]?.compression, compression)
          assert.equal(members[0].size, compression === 'lzma' ? members[0].size : packed.length)
          assert.equal(members[0].archives[0]?.length, 2000)
          assert.equal(members[1]?.archives[0]?.[0]?.path, compression === 'lzma' ? undefined : 'last')
        })

        it('is refused when it is cut off', async () => {
          const packed = run(pack, await packCpio([file('a', 'x'.repeat(10_000))]))
          const { failure } = await readInitramfs(packed.subarray(0, packed.length - 10), { decompress })
          assert.ok(failure instanceof HilError, compression)
        })
      })
    }
  })
})

describe('the prediction of what the kernel unpacks', () => {
  it('begins with what the kernel brings itself', async () => {
    const tree = await unpack(await packCpio([]))
    assert.deepEqual(
      [...tree.list()].map(([path, { permissions }]) => [path, permissions]),
      [
        ['dev', 0o755],
        ['dev/console', 0o600],
        ['root', 0o700],
      ],
    )
  })

  it('lets the last one win', async () => {
    const tree = await unpack(
      await packCpio([file('init', 'old')]),
      gzipSync(await packCpio([file('init', 'new')])),
    )
    assert.equal(text(tree, '/init'), 'new')
    assert.deepEqual(tree.replaced, [])
  })

  it('skips a file whose directory is missing', async () => {
    const tree = await unpack(await packRaw(file('lib/a.ko', 'module')))
    assert.equal(tree.lookup('lib/a.ko'), undefined)
    assert.deepEqual(
      tree.skipped.map(({ entry, reason }) => [entry.path, reason]),
      [['lib/a.ko', 'parent-missing']],
    )
  })

  it('writes through a link to a directory, absolute or relative, and stays in the root', async () => {
    for (const target of ['usr/lib', '/usr/lib', '../../usr/lib']) {
      const stock = await packCpio([directory('usr/lib'), symlink('lib', target)])
      const tree = await unpack(stock, await packRaw(file('lib/a.ko', 'module')))
      assert.equal(text(tree, 'usr/lib/a.ko'), 'module', target)
      assert.equal(text(tree, 'lib/a.ko'), 'module', target)
    }
  })

  it('tells that a directory entry takes the place of a link, as happens to a merged /usr', async () => {
    const stock = await packCpio([file('usr/lib/libc.so'), symlink('lib', 'usr/lib')])
    const tree = await unpack(stock, await packCpio([file('lib/modules/a.ko')]))
    assert.equal(tree.lookup('lib/libc.so'), undefined)
    assert.equal(text(tree, 'usr/lib/libc.so'), 'usr/lib/libc.so')
    assert.deepEqual(
      tree.replaced.map(({ entry, before }) => [entry.path, before.type]),
      [['lib', 'symlink']],
    )
  })

  it('keeps a directory that is not empty, and replaces one that is', async () => {
    const stock = await packCpio([directory('empty'), file('full/x')])
    const tree = await unpack(
      stock,
      await packCpio([file('empty', 'now a file'), file('full', 'now a file')]),
    )
    assert.equal(text(tree, 'empty'), 'now a file')
    assert.equal(text(tree, 'full'), 'directory')
    assert.deepEqual(
      tree.skipped.map(({ entry, reason }) => [entry.path, reason]),
      [['full', 'directory-not-empty']],
    )
  })

  it('shares the content of hard links, whichever of them carries it', async () => {
    const first = Buffer.from(
      await packCpio([file('a', 'data'), { type: 'hard-link', path: 'b', target: 'a' }]),
    )
    const tree = await unpack(first)
    assert.equal(text(tree, 'b'), 'data')
    assert.equal(tree.lookup('a'), tree.lookup('b'))
    const overwritten = await unpack(first, await packCpio([file('a', 'other')]))
    assert.equal(text(overwritten, 'b'), 'other')
  })

  it('does not link names across archives', async () => {
    const linked = await packCpio([file('a', 'one'), { type: 'hard-link', path: 'b', target: 'a' }])
    const tree = await unpack(
      linked,
      await packCpio([file('c', 'two'), { type: 'hard-link', path: 'd', target: 'c' }]),
    )
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((path) => text(tree, path)),
      ['one', 'one', 'two', 'two'],
    )
  })

  it('ends in a circle of links without an answer', async () => {
    const tree = await unpack(await packCpio([symlink('a', 'b'), symlink('b', 'a')]))
    assert.equal(tree.lookup('a'), undefined)
    assert.equal(tree.lookup('a/x'), undefined)
  })
})
