import { gunzipSync } from 'node:zlib'
import { toBytes } from '../../binary.ts'

/** What barebox takes a file for. */
export type ImageKind =
  | { readonly kind: 'kernel'; readonly type: string; readonly compressed: boolean }
  | { readonly kind: 'fit' }
  | { readonly kind: 'unknown' }
  /** Too short to be judged. */
  | { readonly kind: 'truncated' }

const shortest = 512

/** Source: Linux, Documentation/arch/arm64/booting.rst (the header); RFC 1952; the devicetree specification. */
export function recogniseImage(text: string): ImageKind {
  if (text.startsWith('\x1f\x8b')) {
    const inner = recogniseImage(gunzipSync(toBytes(text)).toString('latin1'))
    return inner.kind === 'kernel' ? { ...inner, compressed: true } : { kind: 'unknown' }
  }
  if (text.startsWith('\xd0\x0d\xfe\xed')) return { kind: 'fit' }
  if (text.slice(56, 60) === 'ARM\x64') {
    const type = `ARM aarch64 Linux${text.startsWith('MZ') ? '/EFI' : ''} image`
    return { kind: 'kernel', type, compressed: false }
  }
  return { kind: text.length < shortest ? 'truncated' : 'unknown' }
}
