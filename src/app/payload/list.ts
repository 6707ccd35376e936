import { resolve } from 'node:path'
import { unpackInitramfs, type Initramfs, type TreeNode } from '../../codecs/cpio/index.ts'
import { artifactsOf, type Payload } from '../../payload/index.ts'
import type { Output } from '../../report/terminal/output.ts'
import { formatSize } from '../format-size.ts'
import { openOutput } from '../terminal.ts'
import { initramfsAt } from './initramfs-at.ts'

/** `hil payload ls`: what is in a payload, or in an initramfs, as the kernel will unpack it. */
export async function listPayloadCommand(path: string, cwd = process.cwd()): Promise<number> {
  const { payload, initramfs } = await initramfsAt(resolve(cwd, path))
  // A long list is often cut off by who reads it.
  const output = openOutput(process.stdout)
  if (payload !== undefined) listArtifacts(payload, output)
  return initramfs === undefined ? 0 : listInitramfs(initramfs, output)
}

function listArtifacts(payload: Payload, output: Output): void {
  output.write(`payload ${payload.nonce}, Linux ${payload.kernel.release ?? 'of the board'}\n`)
  for (const { name, size, sha256, origin } of artifactsOf(payload)) {
    const revision = origin.revision === undefined ? '' : ` (${origin.revision})`
    output.write(
      `  ${name.padEnd(24)} ${formatSize(size).padStart(9)}  ${sha256.slice(0, 12)}  from ${origin.path}${revision}\n`,
    )
  }
  if (payload.bootargs.length > 0) output.write(`  bootargs: ${payload.bootargs.join(' ')}\n`)
}

function listInitramfs(initramfs: Initramfs, output: Output): number {
  const tree = unpackInitramfs(initramfs)
  for (const [path, node] of tree.list()) output.write(`${describe(path, node)}\n`)
  for (const { entry, reason } of tree.skipped) {
    output.write(`left out: /${entry.path} (${reason.replaceAll('-', ' ')})\n`)
  }
  if (initramfs.failure === undefined) return 0
  throw initramfs.failure
}

const letters: Readonly<Record<TreeNode['type'], string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  'character-device': 'c',
  'block-device': 'b',
  fifo: 'p',
  socket: 's',
}

function describe(path: string, node: TreeNode): string {
  const mode = (node.entry ?? node).permissions.toString(8).padStart(4, '0')
  const size = node.type === 'file' ? String(node.data.length) : ''
  const target = node.type === 'symlink' ? ` -> ${node.linkTarget ?? ''}` : ''
  return `${letters[node.type]}${mode} ${size.padStart(10)} /${path}${target}`
}
