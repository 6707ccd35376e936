import { findNode, openFdt, type FdtNode, type FdtPlace } from '../fdt/index.ts'
import type { RandomAccess } from '../random-access.ts'
import { fitError } from './errors.ts'
import type { Fit, FitConfiguration, FitData, FitImage } from './fit.ts'
import { NodeReader } from './node-reader.ts'

/**
 * Reads what a FIT holds, without its data: a FIT of hundreds of megabytes costs what its nodes cost.
 * Throws HilErrors `fdt.*` and `fit.*`.
 */
export async function openFit(source: RandomAccess): Promise<Fit> {
  const tree = await openFdt(source)
  const images = findNode(tree, '/images')
  const configurations = findNode(tree, '/configurations')
  if (images === undefined) throw fitError('no-fit', 'this device tree is no FIT: it has no /images')
  const root = new NodeReader('/', tree.root)
  return {
    description: root.text('description'),
    timestamp: root.number('timestamp'),
    images: mapChildren(images, '/images', (reader, name) => readImage(reader, name, tree.totalSize)),
    configurations: mapChildren(configurations, '/configurations', readConfiguration),
    defaultConfiguration: configurations && new NodeReader('/configurations', configurations).text('default'),
    treeSize: tree.totalSize,
  }
}

function mapChildren<T>(
  parent: FdtNode<FdtPlace> | undefined,
  path: string,
  read: (reader: NodeReader, name: string) => T,
): Map<string, T> {
  const children = [...(parent?.children ?? [])]
  return new Map(children.map(([name, node]) => [name, read(new NodeReader(`${path}/${name}`, node), name)]))
}

function readImage(reader: NodeReader, name: string, treeSize: number): FitImage {
  return {
    name,
    description: reader.text('description'),
    type: reader.text('type'),
    architecture: reader.text('arch'),
    os: reader.text('os'),
    compression: reader.text('compression') ?? 'none',
    load: reader.bigint('load'),
    entry: reader.bigint('entry'),
    data: locateData(reader, treeSize),
    hashes: reader.children('hash').map(([hash, node]) => ({
      name: hash,
      algorithm: node.text('algo') ?? '',
      value: node.bytes('value') ?? new Uint8Array(0),
    })),
    signatures: signaturesOf(reader),
  }
}

/** Data in the tree, at an absolute position, or relative to the end of the tree rounded up to 4. */
function locateData(reader: NodeReader, treeSize: number): FitData | undefined {
  const place = reader.place('data')
  if (place !== undefined) return { offset: place.offset, size: place.length, external: false }
  const size = reader.number('data-size')
  const [position, relative] = [reader.number('data-position'), reader.number('data-offset')]
  const offset = position ?? (relative === undefined ? undefined : relative + 4 * Math.ceil(treeSize / 4))
  return size === undefined || offset === undefined ? undefined : { offset, size, external: true }
}

function readConfiguration(reader: NodeReader, name: string): FitConfiguration {
  return {
    name,
    description: reader.text('description'),
    compatible: reader.texts('compatible'),
    kernel: reader.text('kernel'),
    firmware: reader.text('firmware'),
    fdt: reader.texts('fdt'),
    ramdisk: reader.texts('ramdisk'),
    loadables: reader.texts('loadables'),
    signatures: signaturesOf(reader),
  }
}

function signaturesOf(reader: NodeReader): string[] {
  return reader.children('signature').map(([, node]) => node.text('algo') ?? '')
}
