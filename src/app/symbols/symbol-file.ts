import { open } from 'node:fs/promises'
import { readElfSymbols, type ElfFunction, type ElfSymbols } from '../../codecs/elf/elf-symbols.ts'
import { HilError } from '../../core/errors.ts'
import { reasonOf } from '../../core/reason-of.ts'
import { findAddr2line, sourceCalls, type SourceCall } from './addr2line.ts'

/** The kernel takes a function to reach up to the next one (kernel/kallsyms.c), which is aligned. */
const maximumPadding = 64

/** A `vmlinux` or a module with debug information. */
export class SymbolFile {
  readonly path: string
  readonly #symbols: ElfSymbols
  readonly #program: string
  readonly #byName: ReadonlyMap<string, readonly ElfFunction[]>

  private constructor(path: string, symbols: ElfSymbols, program: string) {
    this.path = path
    this.#symbols = symbols
    this.#program = program
    const byName = new Map<string, ElfFunction[]>()
    for (const each of symbols.functions) {
      const same = byName.get(each.name)
      if (same === undefined) byName.set(each.name, [each])
      else same.push(each)
    }
    this.#byName = byName
  }

  /** @throws HilError `symbols.unreadable`, `symbols.no-debug-info`, `symbols.no-addr2line` (environment) */
  static async open(path: string): Promise<SymbolFile> {
    const symbols = await read(path)
    if (!symbols.hasDebugInfo) {
      throw unusable(
        'symbols.no-debug-info',
        path,
        'has no debug information: build the kernel with CONFIG_DEBUG_INFO',
      )
    }
    return new SymbolFile(path, symbols, await findAddr2line(symbols.machine))
  }

  /** The function with this name and size; of another size it is that of another kernel. */
  find(name: string, size: number): ElfFunction | undefined {
    return this.named(name).find((each) => size >= each.size && size - each.size < maximumPadding)
  }

  /** All functions with this name. */
  named(name: string): readonly ElfFunction[] {
    return this.#byName.get(name) ?? []
  }

  /** @param places an address in the function, or one by itself */
  async calls(
    places: readonly { readonly address: bigint; readonly section?: string | undefined }[],
    signal: AbortSignal,
  ): Promise<readonly (readonly SourceCall[])[]> {
    const calls: (readonly SourceCall[])[] = places.map(() => [])
    const sections = this.#symbols.isRelocatable
      ? [...new Set(places.map(({ section }) => section))]
      : [undefined]
    for (const section of sections) {
      const wanted = [...places.entries()].filter(
        ([, place]) => section === undefined || place.section === section,
      )
      const addresses = wanted.map(([, { address }]) => address)
      const found = await sourceCalls(this.#program, this.path, addresses, section, signal)
      for (const [position, [index]] of wanted.entries()) calls[index] = found[position] ?? []
    }
    return calls
  }
}

async function read(path: string): Promise<ElfSymbols> {
  try {
    await using file = await open(path)
    const { size } = await file.stat()
    const symbols = await readElfSymbols({
      size,
      read: async (offset, length) => (await file.read(Buffer.alloc(length), 0, length, offset)).buffer,
    })
    if (symbols !== undefined) return symbols
  } catch (error) {
    throw unusable('symbols.unreadable', path, `can't be read: ${reasonOf(error)}`)
  }
  throw unusable('symbols.unreadable', path, 'is no ELF file; --vmlinux wants the vmlinux of the build')
}

function unusable(code: string, path: string, why: string): HilError {
  return new HilError(code, `${path} ${why}`, { blame: 'environment', details: { path } })
}
