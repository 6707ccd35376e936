import { readFile } from 'node:fs/promises'
import { execa } from 'execa'
import { applyOverlay, packFdt, parseFdt, type Fdt } from '../codecs/fdt/index.ts'
import { payloadError } from '../codecs/payload-error.ts'
import { findProgram } from '../core/find-program.ts'
import { unreadable } from './files.ts'

/** A device tree with overlays applied, as bytes; without any it is the file as it is. */
export async function mergeDeviceTree(base: string, overlays: readonly string[]): Promise<Uint8Array> {
  const bytes = await readBytes(base)
  if (overlays.length === 0) return bytes
  let tree: Fdt = parseFdt(bytes)
  for (const overlay of overlays) tree = applyOverlay(tree, parseFdt(await readOverlay(overlay)))
  return packFdt(tree)
}

/** The bytes of an overlay; `.dts` and `.dtso` text is compiled by dtc. Throws `overlay.*`. */
export async function readOverlay(file: string): Promise<Uint8Array> {
  if (!/\.dtso?$/.test(file)) return readBytes(file)
  if ((await findProgram('dtc')) === undefined) {
    throw payloadError(
      'overlay.no-dtc',
      `${file} can't be compiled: dtc is not installed (package device-tree-compiler)`,
      { file },
    )
  }
  const { stdout, stderr, failed } = await execa('dtc', ['-@', '-q', '-I', 'dts', '-O', 'dtb', file], {
    encoding: 'buffer',
    reject: false,
  })
  if (!failed) return stdout
  throw payloadError(
    'overlay.syntax',
    `${file} can't be compiled: ${Buffer.from(stderr).toString('utf8').trim()}`,
    { file },
  )
}

async function readBytes(file: string): Promise<Uint8Array> {
  return readFile(file).catch((error: unknown) => {
    throw unreadable(file, error)
  })
}
