import type { Architecture } from '../../codecs/kernel-image/index.ts'
import { readElfObject, type ElfObject } from './elf-object.ts'

/** What a kernel module says of itself in its `.modinfo`, and what it gives to others. */
export interface ModuleInfo {
  /** As the kernel calls it: `virtio_blk`, never `virtio-blk`. */
  readonly name: string
  /** Must begin with the kernel's release; undefined for what is no module. */
  readonly vermagic: string | undefined
  /** Modules whose symbols it uses, as modpost found them. */
  readonly depends: readonly string[]
  readonly aliases: readonly string[]
  /** `pre: a b post: c`, each a name or an alias. */
  readonly softdeps: readonly string[]
  readonly isSigned: boolean
  /** Symbols that other modules may use. */
  readonly symbols: readonly string[]
  readonly architecture: Architecture | undefined
  /** Bytes of the unpacked file. */
  readonly size: number
  /** Bytes in sections that only a debugger reads. */
  readonly debugBytes: number
}

/** Reads an unpacked module. @param path its file name gives its name. Throws `module.*` */
export function readModuleInfo(bytes: Uint8Array, path: string): ModuleInfo {
  const elf = readElfObject(bytes, path)
  const fields = readFields(elf.content('.modinfo'))
  const all = (key: string) => fields.filter(([name]) => name === key).map(([, value]) => value)
  return {
    name: moduleName(path),
    vermagic: all('vermagic')[0],
    depends: all('depends').flatMap((list) =>
      list
        .split(',')
        .filter((name) => name !== '')
        .map(normalizeName),
    ),
    aliases: all('alias'),
    softdeps: all('softdep'),
    isSigned: isSigned(elf.bytes),
    symbols: exportedSymbols(elf),
    architecture: architectureOf(elf),
    size: bytes.length,
    debugBytes: elf.sections.reduce((sum, { name, size }) => sum + (isDebug(name) ? size : 0), 0),
  }
}

/** `kernel/drivers/block/virtio-blk.ko.xz` is the module `virtio_blk`. */
export function moduleName(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1)
  return normalizeName(file.replace(/\.ko(?:\.(?:gz|xz|zst))?$/, ''))
}

export function isModulePath(path: string): boolean {
  return /\.ko(?:\.(?:gz|xz|zst))?$/.test(path)
}

export function normalizeName(name: string): string {
  return name.replaceAll('-', '_')
}

/** Sections that `strip --strip-debug` drops. BTF is not among them: the kernel itself reads it. */
export function isDebug(section: string): boolean {
  return /^\.(?:rela?\.)?(?:debug|zdebug|gdb_index|stab|line)(?:_|\.|str|$)/.test(section)
}

/** `__ksymtab_strings` also holds the names of namespaces; a symbol has an entry in the symbol table. */
function exportedSymbols(elf: ElfObject): string[] {
  const strings = texts(elf.content('__ksymtab_strings'))
  if (strings.length === 0) return []
  const entries = new Set(texts(elf.content('.strtab')))
  return [...new Set(strings)].filter((name) => entries.has(`__ksymtab_${name}`))
}

const signatureMark = '~Module signature appended~\n'

function isSigned(module: Buffer): boolean {
  return module.toString('latin1', Math.max(0, module.length - signatureMark.length)) === signatureMark
}

function readFields(section: Buffer | undefined): (readonly [string, string])[] {
  return texts(section).flatMap((text) => {
    const at = text.indexOf('=')
    return at === -1 ? [] : [[text.slice(0, at), text.slice(at + 1)] as const]
  })
}

/** Strings that each end with a NUL; padding between them is passed over. */
function texts(section: Buffer | undefined): string[] {
  return (section?.toString('utf8') ?? '').split('\0').filter((text) => text !== '')
}

/** Numbers of elf(5) and its supplements. */
const machines = new Map<number, Architecture>([
  [3, 'x86'],
  [8, 'mips'],
  [20, 'powerpc'],
  [21, 'powerpc'],
  [40, 'arm'],
  [62, 'x86_64'],
  [183, 'arm64'],
  [243, 'riscv'],
  [258, 'loongarch'],
])

function architectureOf({ machine }: ElfObject): Architecture | undefined {
  return machines.get(machine)
}
