import assert from 'node:assert/strict'
import fc from 'fast-check'
import { collect, type ByteSource } from '../../../../src/codecs/byte-source.ts'
import {
  createFdt,
  findNode,
  fromCells,
  fromText,
  fromTexts,
  listNodes,
  openFdt,
  packFdt,
  parseFdt,
  parseFdtRoot,
  toCells,
  toNumber,
  toText,
  toTexts,
  type FdtNode,
} from '../../../../src/codecs/fdt/index.ts'
import { randomAccess, type RandomAccess } from '../../../../src/codecs/random-access.ts'
import { HilError } from '../../../../src/core/errors.ts'

interface Sketch {
  readonly [name: string]: Uint8Array | { readonly node: Sketch }
}

/** `{ compatible: bytes, soc: { node: {...} } }` as a node. */
function sketch(contents: Sketch, name = ''): FdtNode {
  const entries = Object.entries(contents)
  return {
    name,
    properties: new Map(
      entries.flatMap(([key, value]) => (value instanceof Uint8Array ? [[key, value]] : [])),
    ),
    children: new Map(
      entries.flatMap(([key, value]) =>
        value instanceof Uint8Array ? [] : [[key, sketch(value.node, key)]],
      ),
    ),
  }
}

const board = sketch({
  compatible: fromTexts(['acme,board-rev2', 'acme,board']),
  model: fromText('Acme Board'),
  '#address-cells': fromCells(2),
  soc: { node: { 'serial@9000000': { node: { reg: fromCells(0, 0x9000000), status: fromText('okay') } } } },
  chosen: { node: {} },
})
const tree = { root: board, reservations: [{ address: 0x80000000n, size: 0x10000n }], bootCpu: 3 }
const packed = Buffer.from(packFdt(tree))

/** The words of the header, by their place. */
const word = {
  totalSize: 4,
  struct: 8,
  strings: 12,
  reserveMap: 16,
  version: 20,
  last: 24,
  stringsSize: 32,
  structSize: 36,
}
const structStart = packed.readUInt32BE(word.struct)

function changed(change: (copy: Buffer) => unknown): Buffer {
  const copy = Buffer.from(packed)
  change(copy)
  return copy
}

/** A tree whose structure block is just these tokens. */
function raw(...words: (number | string)[]): Buffer {
  const struct = Buffer.concat(
    words.map((each) => (typeof each === 'number' ? fromCells(each) : Buffer.from(each, 'latin1'))),
  )
  const strings = Buffer.from('a\0unterminated')
  const head = fromCells(
    0xd00dfeed,
    56 + struct.length + strings.length,
    56,
    56 + struct.length,
    40,
    17,
    16,
    0,
  )
  return Buffer.concat([head, fromCells(strings.length, struct.length), Buffer.alloc(16), struct, strings])
}

const [begin, endNode, property, nop, end] = [1, 2, 3, 4, 9]
const noName = '\0\0\0\0'

describe('a flattened device tree', () => {
  it('comes back as it was written', () => {
    const read = parseFdt(packed)
    assert.deepEqual(
      [...listNodes(read)].map(([path]) => path),
      ['/', '/soc', '/soc/serial@9000000', '/chosen'],
    )
    const serial = findNode(read, '/soc/serial@9000000')
    assert.deepEqual(toCells(serial?.properties.get('reg') ?? Buffer.alloc(0), 'reg'), [0, 0x9000000])
    assert.deepEqual(read.reservations, tree.reservations)
    assert.equal(read.bootCpu, 3)
    assert.deepEqual(Buffer.from(packFdt(read)), packed)
  })

  it('holds values as views, not as copies', () => {
    const value = parseFdt(packed).root.properties.get('model')
    assert.equal(value?.buffer, packed.buffer)
  })

  it('may be followed by anything', () => {
    assert.equal(parseFdt(Buffer.concat([packed, Buffer.from('junk')])).root.children.size, 2)
  })

  it('gives the properties of its root without a look at the rest', () => {
    const damaged = changed((copy) => copy.writeUInt32BE(0x77, copy.indexOf('serial') - 4))
    const root = parseFdtRoot(damaged)
    assert.equal(toText(root.properties.get('model') ?? Buffer.alloc(0), 'model'), 'Acme Board')
    assert.equal(root.children.size, 0)
    assert.throws(() => parseFdt(damaged), { code: 'fdt.structure' })
  })

  it('may have blocks in any order and tokens that mean nothing', () => {
    const tokens = raw(nop, begin, noName, nop, property, 1, 0, 'x\0\0\0', nop, endNode, nop, end)
    assert.equal(parseFdt(tokens).root.properties.get('a')?.toString(), Buffer.from('x').toString())
  })

  it('is streamed when a value is, with the same bytes', async () => {
    const large = Buffer.alloc(100_001, 'large')
    const source = { size: large.length, open: () => chunks(large, 997) }
    const root = (data: typeof source | Buffer) => ({ ...board, properties: new Map([['data', data]]) })
    const created = createFdt({ root: root(source) })
    const bytes = await collect(created.open(), 1e9)
    assert.equal(bytes.length, created.size)
    assert.deepEqual(Buffer.from(bytes), Buffer.from(packFdt({ root: root(large) as FdtNode })))
  })

  const malformed: Record<string, [bytes: Buffer, code: string, offset: number]> = {
    'is shorter than its header': [packed.subarray(0, 39), 'fdt.truncated', 39],
    'is empty': [packed.subarray(0, 0), 'fdt.truncated', 0],
    'has another magic': [changed((copy) => copy.writeUInt8(0)), 'fdt.magic', 0],
    'is gzipped': [Buffer.from('1f8b0800'.repeat(10), 'hex'), 'fdt.magic', 0],
    'has version 16': [changed((copy) => copy.writeUInt32BE(16, word.version)), 'fdt.version', 20],
    'needs a reader of version 18': [changed((copy) => copy.writeUInt32BE(18, word.last)), 'fdt.version', 20],
    'is cut off': [packed.subarray(0, -1), 'fdt.truncated', packed.length - 1],
    'is smaller than its header': [changed((copy) => copy.writeUInt32BE(8, word.totalSize)), 'fdt.layout', 4],
    'has its structure in its header': [
      changed((copy) => copy.writeUInt32BE(36, word.struct)),
      'fdt.layout',
      8,
    ],
    'has its structure at an odd place': [
      changed((copy) => copy.writeUInt32BE(structStart + 2, word.struct)),
      'fdt.layout',
      8,
    ],
    'has a structure that overflows 32 bits': [
      changed((copy) => copy.writeUInt32BE(0xfffffffc, word.structSize)),
      ...(['fdt.layout', 8] as const),
    ],
    'has strings beyond its end': [
      changed((copy) => copy.writeUInt32BE(0xffffffff, word.strings)),
      'fdt.layout',
      12,
    ],
    'has its reserve map at an odd place': [
      changed((copy) => copy.writeUInt32BE(44, word.reserveMap)),
      'fdt.layout',
      16,
    ],
    'has a reserve map beyond its end': [
      changed((copy) => copy.writeUInt32BE(0xfffffff8, word.reserveMap)),
      'fdt.layout',
      16,
    ],
    'has no end token': [raw(begin, noName, endNode), 'fdt.structure', 68],
    'has an empty structure': [raw(), 'fdt.structure', 56],
    'has no root': [raw(end), 'fdt.structure', 56],
    'has tokens behind its end': [raw(begin, noName, endNode, end, nop), 'fdt.structure', 68],
    'has an unknown token': [raw(begin, noName, 5), 'fdt.structure', 64],
    'has a node name without end': [raw(begin, 'abcd'), 'fdt.structure', 60],
    'has a property name outside of its strings': [
      raw(begin, noName, property, 0, 99, endNode, end),
      'fdt.structure',
      72,
    ],
    'has a property name without end': [
      raw(begin, noName, property, 0, 2, endNode, end),
      'fdt.structure',
      72,
    ],
    'has a property without a name': [raw(begin, noName, property, 0, 1, endNode, end), 'fdt.structure', 72],
    'has a property longer than the rest': [
      raw(begin, noName, property, 13, 0, endNode, end),
      'fdt.structure',
      64,
    ],
    'has a property that overflows 32 bits': [
      raw(begin, noName, property, 0xffffffff, 0, endNode, end),
      'fdt.structure',
      64,
    ],
    'has a property cut in its head': [raw(begin, noName, property, 0), 'fdt.structure', 64],
    'has a property before its root': [raw(property, 0, 0, begin, noName, endNode, end), 'fdt.structure', 56],
    'has a property after a child': [
      raw(begin, noName, begin, 'c\0\0\0', endNode, property, 0, 0, endNode, end),
      ...(['fdt.structure', 76] as const),
    ],
    'ends a node too many': [raw(begin, noName, endNode, endNode, end), 'fdt.structure', 68],
    'ends a node too few': [raw(begin, noName, begin, 'c\0\0\0', endNode, end), 'fdt.structure', 76],
    'has a second root': [raw(begin, noName, endNode, begin, noName, endNode, end), 'fdt.structure', 72],
    'has a root with a name': [raw(begin, 'r\0\0\0', endNode, end), 'fdt.structure', 60],
    'has a node without a name': [
      raw(begin, noName, begin, noName, endNode, endNode, end),
      'fdt.structure',
      68,
    ],
    'has a slash in a name': [raw(begin, noName, begin, 'a/b\0', endNode, endNode, end), 'fdt.structure', 68],
    'has a node twice': [
      raw(begin, noName, begin, 'c\0\0\0', endNode, begin, 'c\0\0\0', endNode, endNode, end),
      ...(['fdt.structure', 76] as const),
    ],
    'has a property twice': [
      raw(begin, noName, property, 0, 0, property, 0, 0, endNode, end),
      'fdt.structure',
      76,
    ],
    'is nested without end': [
      raw(begin, noName, ...Array.from({ length: 70 }, () => [begin, 'c\0\0\0']).flat()),
      'fdt.structure',
      572,
    ],
  }
  for (const [what, [bytes, code, offset]] of Object.entries(malformed)) {
    it(`that ${what} is refused, with the offset`, async () => {
      const expected = (error: unknown) => {
        assert.ok(error instanceof HilError, String(error))
        assert.deepEqual([error.code, error.details['offset']], [code, offset], error.message)
        assert.equal(error.blame, 'payload')
        return true
      }
      assert.throws(() => parseFdt(bytes), expected)
      await assert.rejects(openFdt(randomAccess(bytes)), expected)
    })
  }

  it('with a reserve map that has no end is refused', () => {
    const short = raw(begin, noName, endNode, end)
    short.writeUInt32BE(Math.floor((short.length - 8) / 8) * 8, word.reserveMap)
    assert.throws(() => parseFdt(short), { code: 'fdt.reserve-map' })
  })

  it('whose property names are parts of each other is not unfolded without end', async () => {
    const names = 100_000
    const properties = Array.from({ length: names }, (_, index) => fromCells(property, 0, index))
    const struct = Buffer.concat([fromCells(begin, 0), ...properties, fromCells(endNode, end)])
    const strings = Buffer.alloc(names + 1, 'n').fill(0, names)
    const size = 56 + struct.length + strings.length
    const head = fromCells(
      0xd00dfeed,
      size,
      56,
      56 + struct.length,
      40,
      17,
      16,
      0,
      strings.length,
      struct.length,
    )
    const bytes = Buffer.concat([head, Buffer.alloc(16), struct, strings])
    const expected = { code: 'fdt.structure', message: /more than 16777216 bytes of property names/ }
    assert.throws(() => parseFdt(bytes), expected)
    await assert.rejects(openFdt(randomAccess(bytes)), expected)
  })

  it('has values that are texts, lists, cells or numbers, or are refused', () => {
    assert.deepEqual(toTexts(fromTexts(['a', 'b']), 'p'), ['a', 'b'])
    assert.equal(toNumber(fromCells(1, 2), 'p'), 0x100000002n)
    const refused = [
      () => toTexts(Buffer.from('no end'), 'p'),
      () => toTexts(Buffer.from('a\0\0b\0'), 'p'),
      () => toTexts(Buffer.alloc(0), 'p'),
      () => toText(fromTexts(['a', 'b']), 'p'),
      () => toCells(Buffer.alloc(5), 'p'),
      () => toNumber(Buffer.alloc(0), 'p'),
      () => toNumber(Buffer.alloc(12), 'p'),
    ]
    for (const read of refused) assert.throws(read, { code: 'fdt.value' })
  })

  it('round-trips for any tree', () => {
    const name = fc.stringMatching(/^[a-z#][a-z0-9,._+@-]{0,12}$/)
    const properties = fc.uniqueArray(fc.tuple(name, fc.uint8Array({ maxLength: 40 })), {
      selector: ([key]) => key,
      maxLength: 4,
    })
    const nodeOf = (depth: number): fc.Arbitrary<FdtNode> => {
      const nodes =
        depth === 0
          ? fc.constant([])
          : fc.uniqueArray(nodeOf(depth - 1), { selector: (each) => each.name, maxLength: 3 })
      return fc.tuple(name, properties, nodes).map(([own, pairs, children]) => ({
        name: own,
        properties: new Map(pairs),
        children: new Map(children.map((each) => [each.name, each])),
      }))
    }
    fc.assert(
      fc.property(nodeOf(3), (generated) => {
        const root = { ...generated, name: '' }
        assert.deepEqual(plain(parseFdt(packFdt({ root })).root), plain(root))
      }),
    )
  })
})

describe('a tree of hundreds of megabytes', () => {
  it('is read by its structure only', async () => {
    const small = await readingOf(4 << 20)
    const large = await readingOf(450 << 20)
    assert.deepEqual(large, small)
    assert.ok(large.bytes < 40_000, `${large.bytes} bytes were read`)
  })
})

/** Opens a tree with two values of `size` bytes. Their bytes are all the same ones in memory. */
async function readingOf(size: number): Promise<{ reads: number; bytes: number }> {
  const zeros = Buffer.alloc(1 << 20)
  const large = { size, open: () => repeat(zeros, size / zeros.length) }
  const image = (name: string) => ({
    name,
    properties: new Map<string, typeof large | Uint8Array>([
      ['data', large],
      ['type', fromText('kernel')],
    ]),
    children: new Map(),
  })
  const images = ['a', 'b'].map((name): [string, ReturnType<typeof image>] => [name, image(name)])
  const source = countReads(
    await inPieces(createFdt({ root: { name: '', properties: new Map(), children: new Map(images) } })),
  )
  const fdt = await openFdt(source)
  assert.equal(findNode(fdt, '/b')?.properties.get('data')?.length, size)
  assert.deepEqual(findNode(fdt, '/b')?.properties.get('type')?.bytes, Uint8Array.from(fromText('kernel')))
  return { reads: source.reads(), bytes: source.bytes() }
}

/** Random access to what is streamed, without putting it together. */
async function inPieces(source: ByteSource): Promise<RandomAccess> {
  const pieces: { start: number; bytes: Uint8Array }[] = []
  let start = 0
  for await (const bytes of source.open()) {
    pieces.push({ start, bytes })
    start += bytes.length
  }
  const read = (offset: number, length: number) => {
    const overlapping = pieces.filter(
      (piece) => piece.start < offset + length && piece.start + piece.bytes.length > offset,
    )
    const parts = overlapping.map((piece) =>
      piece.bytes.subarray(Math.max(0, offset - piece.start), offset + length - piece.start),
    )
    return Promise.resolve(Buffer.concat(parts))
  }
  return { size: start, read }
}

// eslint-disable-next-line @typescript-eslint/require-await -- stands for a stream
async function* repeat(bytes: Uint8Array, times: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < times; i++) yield bytes
}

function countReads(source: RandomAccess): RandomAccess & { reads(): number; bytes(): number } {
  let [reads, bytes] = [0, 0]
  return {
    size: source.size,
    read: (offset, length) => {
      reads += 1
      bytes += length
      return source.read(offset, length)
    },
    reads: () => reads,
    bytes: () => bytes,
  }
}

function plain({ name, properties, children }: FdtNode): unknown {
  const values = [...properties].map(([key, value]) => [key, Buffer.from(value).toString('hex')])
  return { name, values, nodes: [...children.values()].map(plain) }
}

// eslint-disable-next-line @typescript-eslint/require-await -- stands for a stream
async function* chunks(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
}
