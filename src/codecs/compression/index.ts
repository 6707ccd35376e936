export { detectCompression, type Compression } from './compression.ts'
export { decompressMember, type Decompressed, type Decompressor } from './decompress.ts'
export { gzipInPieces } from './gzip-in-pieces.ts'
export { memberLength } from './member-length.ts'
