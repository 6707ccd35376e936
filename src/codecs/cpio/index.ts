export { createCpio, packCpio, type CpioWriteOptions } from './write.ts'
export { readCpio } from './read.ts'
export { readCpioStream, type CpioStreamEntry } from './read-stream.ts'
export { toCpioItems } from './repack.ts'
export { joinMembers, padMember } from './join.ts'
export { checkExtraction, type ExtractedEntry } from './extraction.ts'
export type { CpioEntry, CpioEntryHead, CpioItem, CpioType, DeviceNumber } from './entry.ts'
export {
  readInitramfs,
  type Initramfs,
  type InitramfsMember,
  type InitramfsOptions,
} from './initramfs/read.ts'
export {
  unpackInitramfs,
  type UnpackedTree,
  type SkippedEntry,
  type ReplacedEntry,
} from './initramfs/unpack.ts'
export type { DirectoryNode, LeafNode, TreeNode } from './initramfs/tree.ts'
