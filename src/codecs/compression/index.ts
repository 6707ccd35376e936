export { detectCompression, type Compression } from './compression.ts'
export { decompressMember, type Decompressed, type Decompressor } from './decompress.ts'
export { memberLength } from './member-length.ts'
