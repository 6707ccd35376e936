import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { collect } from '../../../src/codecs/byte-source.ts'
import { fromCells, fromText, fromTexts, packFdt, type FdtNode } from '../../../src/codecs/fdt/index.ts'
import { createFit, type FitConfigurationSource, type FitImageSource } from '../../../src/codecs/fit/index.ts'

/** The board's own compatible, and one that is not. */
const own = 'linux,dummy-virt'
const foreign = 'acme,board'

/**
 * What a TFTP server has while real barebox is recorded, and while the simulator is held to the
 * recording: small files, the same bytes each time, with which every rule of `boot -o` can be tried.
 */
export async function overrideFiles(): Promise<Readonly<Record<string, Uint8Array>>> {
  const image = arm64Image('the payload')
  const [a, b] = [filled('first initrd', 1000), filled('second initrd', 3001)]
  const ownTree = deviceTree(own, 'A payload board')
  const full = await fit({ image, ramdisks: [a], tree: ownTree })
  return {
    Image: image,
    'Image.gz': gzipSync(image),
    'Image.stock': arm64Image('the stock kernel'),
    'Image.broken.gz': broken(gzipSync(image)),
    'Image.cut.gz': gzipSync(image).subarray(0, 6000),
    'Image.bad.gz': spoiled(gzipSync(image), 400),
    'a.cpio': a,
    'b.cpio': b,
    'empty.cpio': Buffer.alloc(0),
    'virt.dtb': ownTree,
    'acme.dtb': deviceTree(foreign, "Another's board"),
    'x.dtbo': overlay(),
    'no.dtb': filled('no device tree', 600),
    short: filled('too short', 600),
    text: filled('no kernel', 8192),
    'full.fit': full,
    'kernel.fit': await fit({ image }),
    'ramdisks.fit': await fit({ image, ramdisks: [a, b] }),
    'tree.fit': await fit({ image, tree: ownTree }),
    'loaded.fit': await fit({ image, ramdisks: [a], load: 0x40400000n }),
    'plain.fit': await fit({ image, tree: ownTree, compression: 'none', hashes: [] }),
    'foreign.fit': await fit({ image, tree: deviceTree(foreign, 'Acme'), compatible: [foreign] }),
    'default.fit': await fit({
      image,
      tree: deviceTree(foreign, 'Acme'),
      compatible: [foreign],
      defaultConfiguration: 'conf-1',
    }),
    'silent.fit': await fit({ image, tree: ownTree, compatible: [] }),
    'silent-plain.fit': await fit({ image, tree: ownTree, compatible: [], compression: 'none' }),
    'bad-kernel.fit': spoiledIn(full, gzipSync(image).subarray(0, 64)),
    'bad-ramdisk.fit': spoiledIn(full, a.subarray(0, 64)),
    'bad-tree.fit': spoiledIn(full, gzipSync(ownTree).subarray(0, 64)),
    'bad-gzip.fit': await fit({ image: spoiled(gzipSync(image), 400), compression: 'as-is' }),
    'truncated.fit': full.subarray(0, full.length - 5000),
    'short.fit': full.subarray(0, 2000),
    'external.fit': external(image),
    'no-images.fit': packFdt({
      root: node('', { description: fromText('no images'), pad: Buffer.alloc(5000) }),
    }),
    'no-configurations.fit': packFdt({
      root: node('', { description: fromText('no configurations') }, [
        node('images', {}, [node('kernel', { type: fromText('kernel'), data: image })]),
      ]),
    }),
    'ramdisk.fit': await fit({ image, ramdisks: [gzipSync(a)], ramdiskCompression: 'gzip' }),
    'loader/entries/stock.conf': conf(['linux /Image.stock', 'initrd /a.cpio', 'devicetree /virt.dtb']),
    'loader/entries/bare.conf': conf(['linux /Image.stock']),
    'loader/entries/fit.conf': conf(['linux /full.fit']),
    'loader/entries/foreign.conf': conf(['linux /Image.stock', 'devicetree /acme.dtb']),
    'loader/entries/two.conf': conf(['linux /Image.stock', 'initrd /a.cpio:/b.cpio']),
    'loader/entries/gone.conf': conf(['linux /nope']),
    'own-script': Buffer.from('#!/bin/sh\nbootm -d /mnt/tftp/Image.stock\n'),
    'variable-script': Buffer.from('#!/bin/sh\nglobal.bootm.image=/mnt/tftp/Image.stock\n'),
    'none-devboot-virt64': Buffer.from(
      'devboot_image=full.fit\ndevboot_oftree=\nglobal linux.bootargs.dyn.hil="hil.nonce=1"\n',
    ),
    'ann-devboot-arm64': Buffer.from('devboot_initrd=:b.cpio\n'),
    'eve-devboot-arm64': Buffer.from('unset devboot_image\ndevboot_initrd=b.cpio\n'),
    'bad-devboot-virt64': Buffer.from('false\n'),
  }
}

/** Writes them below a directory. */
export async function writeOverrideFiles(directory: string): Promise<readonly string[]> {
  const files = await overrideFiles()
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true })
    await writeFile(join(directory, name), content)
  }
  return Object.keys(files)
}

/** An arm64 Image that nothing can run; barebox only looks at its header. */
function arm64Image(text: string): Buffer {
  const image = filled(text, 20_000)
  image.fill(0, 0, 64)
  image.write('MZ', 0)
  image.writeBigUInt64LE(0x30000n, 16)
  image.write('ARM\x64', 56)
  return image
}

/** Bytes that gzip makes shorter, but not much. */
function filled(text: string, length: number): Buffer {
  const lines: string[] = []
  for (let size = 0, line = 0; size < length; line += 1) {
    const digest = createHash('sha256').update(`${text} ${line}`).digest('hex')
    lines.push(`${text} ${digest}\n`)
    size += text.length + digest.length + 2
  }
  return Buffer.from(lines.join('')).subarray(0, length)
}

function deviceTree(compatible: string, model: string): Buffer {
  const flash = node('flash@0', {
    compatible: fromText('cfi-flash'),
    reg: fromCells(0, 0, 0, 0x4000000, 0, 0x4000000, 0, 0x4000000),
    'bank-width': fromCells(4),
  })
  const cpu = node('cpu@0', {
    device_type: fromText('cpu'),
    compatible: fromText('arm,cortex-a57'),
    reg: fromCells(0),
  })
  return Buffer.from(
    packFdt({
      root: node(
        '',
        {
          '#address-cells': fromCells(2),
          '#size-cells': fromCells(2),
          compatible: fromTexts([compatible]),
          model: fromText(model),
        },
        [
          node('chosen', {}),
          node('memory@40000000', {
            device_type: fromText('memory'),
            reg: fromCells(0, 0x40000000, 0, 0x40000000),
          }),
          ...(compatible === own ? [flash] : []),
          node('cpus', { '#address-cells': fromCells(1), '#size-cells': fromCells(0) }, [cpu]),
        ],
      ),
    }),
  )
}

function overlay(): Buffer {
  const fragment = node('fragment@0', { 'target-path': fromText('/') }, [
    node('__overlay__', { 'hil,overlay': fromText('applied') }),
  ])
  return Buffer.from(packFdt({ root: node('', {}, [fragment]) }))
}

interface FitParts {
  readonly image: Buffer
  readonly ramdisks?: readonly Buffer[]
  readonly ramdiskCompression?: string
  readonly tree?: Buffer
  readonly compatible?: readonly string[]
  /** `as-is`: declared as gzip, stored as given. */
  readonly compression?: 'gzip' | 'none' | 'as-is'
  readonly hashes?: readonly 'sha256'[]
  readonly load?: bigint
  readonly defaultConfiguration?: string
}

async function fit({
  image,
  ramdisks = [],
  ramdiskCompression = 'none',
  tree,
  compatible = [own],
  compression = 'gzip',
  hashes = ['sha256'],
  load,
  defaultConfiguration,
}: FitParts): Promise<Buffer> {
  const pack = (bytes: Buffer) => (compression === 'gzip' ? gzipSync(bytes) : bytes)
  const declared = compression === 'none' ? 'none' : 'gzip'
  const common = { architecture: 'arm64', os: 'linux', hashes }
  const images: FitImageSource[] = [
    {
      ...common,
      name: 'kernel',
      description: 'Linux of the payload',
      type: load === undefined ? 'kernel_noload' : 'kernel',
      compression: declared,
      load,
      entry: load,
      data: pack(image),
    },
    ...ramdisks.map((data, index) => ({
      ...common,
      name: `ramdisk-${index + 1}`,
      description: 'Ramdisk',
      type: 'ramdisk',
      compression: ramdiskCompression,
      data,
    })),
    ...(tree === undefined
      ? []
      : [
          {
            ...common,
            name: 'fdt-1',
            description: 'virt.dtb',
            type: 'flat_dt',
            compression: declared,
            data: pack(tree),
          },
        ]),
  ]
  const parts = {
    kernel: 'kernel',
    ramdisk: ramdisks.map((_, index) => `ramdisk-${index + 1}`),
    fdt: tree === undefined ? [] : ['fdt-1'],
  }
  const configurations: FitConfigurationSource[] = [
    {
      name: 'conf-1',
      description: 'of somebody',
      compatible: compatible.length === 0 ? [] : [foreign],
      ...parts,
    },
    { name: 'conf-2', description: 'A payload board', compatible, ...parts },
  ]
  const source = await createFit({
    description: 'Payload of a test',
    timestamp: 1_750_000_000,
    images,
    configurations,
    defaultConfiguration,
  })
  return Buffer.from(await collect(source.open(), 1 << 24))
}

/** With its data behind the tree, as `mkimage -E` puts them. */
function external(image: Buffer): Buffer {
  const kernel = node('kernel', {
    description: fromText('outside'),
    type: fromText('kernel_noload'),
    compression: fromText('none'),
    'data-size': fromCells(image.length),
    'data-offset': fromCells(0),
  })
  const configuration = node('conf-1', {
    description: fromText('outside'),
    compatible: fromTexts([own]),
    kernel: fromText('kernel'),
  })
  const tree = packFdt({
    root: node('', { description: fromText('External data') }, [
      node('images', {}, [kernel]),
      node('configurations', {}, [configuration]),
    ]),
  })
  const padding = Buffer.alloc((4 - (tree.length % 4)) % 4)
  return Buffer.concat([tree, padding, image])
}

function conf(lines: readonly string[]): Buffer {
  return Buffer.from([`title ${lines[0] ?? ''}`, ...lines, 'options console=ttyAMA0 stock=1', ''].join('\n'))
}

/** No deflate data any more from the middle on. */
function broken(content: Buffer): Buffer {
  return Buffer.from(content).fill(0xff, content.length >> 1)
}

/** With one bit changed at a place. */
function spoiled(content: Buffer, at: number): Buffer {
  const copy = Buffer.from(content)
  copy[at] = (copy[at] ?? 0) ^ 0x10
  return copy
}

/** With one bit changed in the part that begins so. */
function spoiledIn(content: Buffer, beginning: Uint8Array): Buffer {
  return spoiled(content, content.indexOf(beginning) + 60)
}

function node(
  name: string,
  properties: Readonly<Record<string, Uint8Array>>,
  children: readonly FdtNode[] = [],
): FdtNode {
  return {
    name,
    properties: new Map(Object.entries(properties)),
    children: new Map(children.map((child) => [child.name, child])),
  }
}
