import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { debianArm64 } from '../../../scripts/setup/places.mjs'
import { collect } from '../../../src/codecs/byte-source.ts'
import { joinMembers, packCpio, readInitramfs, unpackInitramfs } from '../../../src/codecs/cpio/index.ts'
import type { CpioItem, TreeNode, UnpackedTree } from '../../../src/codecs/cpio/index.ts'
import { inspectKernelImage } from '../../../src/codecs/kernel-image/index.ts'
import { describeWith } from '../../support/requirements.ts'

const file = (path: string, data = path): CpioItem => ({ type: 'file', path, data })
const symlink = (path: string, target: string): CpioItem => ({ type: 'symlink', path, target })
const directory = (path: string): CpioItem => ({ type: 'directory', path })

/** Lists the root file system as it was unpacked, and the kernel's own notes. */
const init = `#!/bin/busybox sh
PATH=/bin
mount -t sysfs sysfs /sys
echo NOTES $(hexdump -v -e '1/1 "%02x"' /sys/kernel/notes)
umount /sys
echo BEGIN
find / -xdev ! -path / | while read f; do
  if [ -L $f ]; then echo $f symlink $(readlink $f)
  elif [ -d $f ]; then echo $f directory
  elif [ -f $f ]; then echo $f file $(sha256sum < $f | cut -c1-64)
  elif [ -c $f ]; then echo $f character-device
  else echo $f other; fi
done
echo END
poweroff -f
`

async function members(): Promise<Uint8Array[]> {
  const applets = ['cut', 'find', 'hexdump', 'mount', 'poweroff', 'readlink', 'sh', 'sha256sum', 'umount']
  const stock = await packCpio([
    { type: 'file', path: 'init', data: init, permissions: 0o755 },
    { type: 'file', path: 'bin/busybox', data: readFileSync(debianArm64().busybox), permissions: 0o755 },
    ...applets.map((applet) => symlink(`bin/${applet}`, 'busybox')),
    ...['sys', 'usr/lib', 'empty'].map(directory),
    ...[symlink('lib', 'usr/lib'), symlink('absolute', '/usr/lib'), symlink('upwards', '../../usr/lib')],
    ...[symlink('merged', 'usr/lib'), symlink('dangling', 'nowhere'), symlink('loop', 'loop')],
    ...[file('linked/a'), { type: 'hard-link', path: 'linked/b', target: 'linked/a' } as const],
    ...[file('full/x'), file('changes')],
  ])
  const parentless = await Promise.all(
    ['lib/through', 'absolute/through2', 'upwards/through3', 'missing/x', 'dangling/x', 'loop/x'].map(
      withoutParents,
    ),
  )
  const last = await packCpio([
    ...[
      file('merged/x'),
      file('empty', 'now a file'),
      file('full', 'now a file'),
      file('linked/a', 'changed'),
    ],
    ...[file('dangling', 'a file'), directory('changes'), file('changes/inside')],
    ...[file('linked/c'), { type: 'hard-link', path: 'linked/d', target: 'linked/c' } as const],
    { type: 'character-device', path: 'dev/own', major: 1, minor: 3 },
  ])
  return [stock, gzipSync(Buffer.concat(parentless)), last]
}

async function withoutParents(path: string): Promise<Uint8Array> {
  const archive = Buffer.from(await packCpio([file(path, 'content')]))
  const header = 110
  return archive.subarray(archive.indexOf(path) - header)
}

function describeTree(tree: UnpackedTree): string[] {
  return [...tree.list()].map(([path, node]) => `/${path} ${describeNode(node)}`)
}

function describeNode(node: TreeNode): string {
  if (node.type === 'symlink') return `symlink ${node.linkTarget}`
  if (node.type !== 'file') return node.type
  return `file ${createHash('sha256').update(node.data).digest('hex')}`
}

async function boot(initrd: string): Promise<string> {
  const machine = [
    '-M',
    'virt',
    '-cpu',
    'cortex-a57',
    '-m',
    '512',
    '-nographic',
    '-nic',
    'none',
    '-no-reboot',
  ]
  const payload = [
    '-kernel',
    debianArm64().kernel,
    '-initrd',
    initrd,
    '-append',
    'console=ttyAMA0 quiet panic=-1',
  ]
  const qemu = spawn('qemu-system-aarch64', [...machine, ...payload], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return (await text(qemu.stdout)).replaceAll('\r', '')
}

describeWith(['qemu'], 'a real kernel', () => {
  let scratch: string
  let output: string
  let initramfs: Uint8Array

  before(async function () {
    this.timeout(60_000)
    scratch = mkdtempSync(join(tmpdir(), 'hil-initramfs-'))
    initramfs = await collect(joinMembers(await members()).open(), 1e9)
    writeFileSync(join(scratch, 'initrd'), initramfs)
    output = await boot(join(scratch, 'initrd'))
  })

  after(() => {
    rmSync(scratch, { recursive: true, force: true })
  })

  it('unpacks exactly the tree that is predicted', async () => {
    const tree = unpackInitramfs(await readInitramfs(initramfs))
    const listed = output.slice(output.indexOf('BEGIN\n') + 6, output.indexOf('\nEND')).split('\n')
    assert.deepEqual(listed.sort(), describeTree(tree).sort())
  })

  it('has the build-id that its image was said to have', async () => {
    const { buildId } = await inspectKernelImage(readFileSync(debianArm64().kernel))
    assert.match(output, new RegExp(`NOTES .*474e5500${buildId}`))
  })
})
