import { gunzipLoosely } from './gunzip-loosely.ts'

/** What barebox takes a file for. */
export type ImageKind =
  | { readonly kind: 'kernel'; readonly type: string }
  | { readonly kind: 'fit' }
  | { readonly kind: 'compressed'; readonly type: string }
  | { readonly kind: 'unknown'; readonly type: string }

/** Of a file barebox looks at so much; what is shorter can't be judged. */
export const headerSize = 4096

/** Source: Linux, Documentation/arch/arm64/booting.rst (the header); RFC 1952; the devicetree specification. */
export function recogniseImage(bytes: Uint8Array): ImageKind {
  const at = (offset: number, text: string) =>
    Buffer.from(bytes.buffer, bytes.byteOffset + offset, text.length).toString('latin1') === text
  if (bytes.length < kernelHeaderSize) return { kind: 'unknown', type: 'unknown' }
  if (at(0, '\x1f\x8b')) return { kind: 'compressed', type: 'GZIP compressed' }
  if (at(0, '\xd0\x0d\xfe\xed')) return { kind: 'fit' }
  if (at(56, 'ARM\x64')) {
    return { kind: 'kernel', type: `ARM aarch64 Linux${at(0, 'MZ') ? '/EFI' : ''} image` }
  }
  return { kind: 'unknown', type: 'unknown' }
}

/** What an arm64 kernel says of the place it needs. */
export interface KernelPlace {
  readonly textOffset: number
  readonly imageSize: number
}

export function placeOf(image: Uint8Array): KernelPlace {
  const header = Buffer.from(image.buffer, image.byteOffset, kernelHeaderSize)
  return {
    textOffset: Number(header.readBigUInt64LE(8)),
    imageSize: Number(header.readBigUInt64LE(16)),
  }
}

/** What a compressed image holds. */
export function unpack(bytes: Uint8Array): Uint8Array | undefined {
  return recogniseImage(bytes).kind === 'compressed' ? gunzipLoosely(bytes) : undefined
}

const kernelHeaderSize = 64
