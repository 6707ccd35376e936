import { access, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { HilError } from '../../core/errors.ts'
import type { KernelSource } from '../../core/events.ts'
import { bareAddresses, codePlaces, type CodePlace } from '../../kernel/symbols/code-places.ts'
import type { SourceCall } from './addr2line.ts'
import { SymbolFile } from './symbol-file.ts'

/** Says of the places in a report where they are in the sources. */
export class Symboliser {
  readonly #vmlinux: SymbolFile
  /** The root of the sources, as the compiler was given it, with a slash. */
  readonly #root: string
  readonly #modules = new Map<string, Promise<SymbolFile | undefined>>()

  private constructor(vmlinux: SymbolFile, root: string) {
    this.#vmlinux = vmlinux
    this.#root = root
  }

  /**
   * @param vmlinux of the build of the kernel; modules are looked for below it, where that is a build tree
   * @throws HilError `symbols.*` (environment)
   */
  static async open(vmlinux: string, signal: AbortSignal): Promise<Symboliser> {
    const file = await SymbolFile.open(vmlinux)
    return new Symboliser(file, await sourceRoot(file, signal))
  }

  /**
   * @param lines of a report, without stamps
   * @throws HilError `symbols.other-kernel` (environment) where the functions of the report are not in the file
   */
  async sources(lines: readonly string[], signal: AbortSignal): Promise<readonly KernelSource[]> {
    const found: KernelSource[] = []
    const places = codePlaces(lines)
    for (const module of new Set(places.map((place) => place.module))) {
      const file = module === undefined ? this.#vmlinux : await this.#module(module)
      if (file === undefined) continue
      found.push(
        ...(await this.#named(
          file,
          places.filter((place) => place.module === module),
          signal,
        )),
      )
    }
    const bare = bareAddresses(lines)
    // Frames are where calls come back to.
    const calls = await this.#vmlinux.calls(
      bare.map(({ address }) => ({ address: address - 1n })),
      signal,
    )
    found.push(...bare.flatMap(({ line, text }, index) => this.#source(line, text, calls[index])))
    return found.sort((a, b) => a.line - b.line)
  }

  async #named(
    file: SymbolFile,
    places: readonly CodePlace[],
    signal: AbortSignal,
  ): Promise<readonly KernelSource[]> {
    const known = places.flatMap((place) => {
      const symbol = file.find(place.symbol, place.size)
      if (symbol === undefined) return []
      const at = BigInt(place.isReturn && place.offset > 0 ? place.offset - 1 : place.offset)
      return [{ place, address: symbol.address + at, section: symbol.section }]
    })
    if (known.length < places.length / 2) throw otherKernel(file.path)
    const calls = await file.calls(known, signal)
    return known.flatMap(({ place }, index) => this.#source(place.line, place.text, calls[index]))
  }

  #source(line: number, place: string, calls: readonly SourceCall[] = []): readonly KernelSource[] {
    if (calls.length === 0) return []
    const root = this.#root
    const short = calls.map((call) => ({
      ...call,
      file: call.file.startsWith(root) ? call.file.slice(root.length) : call.file,
    }))
    return [{ line, place, calls: short }]
  }

  #module(name: string): Promise<SymbolFile | undefined> {
    const known = this.#modules.get(name) ?? openModule(dirname(this.#vmlinux.path), name)
    this.#modules.set(name, known)
    return known
  }
}

/** The prefix of all paths, told by a file that every kernel has. */
async function sourceRoot(vmlinux: SymbolFile, signal: AbortSignal): Promise<string> {
  const [symbol] = vmlinux.named('start_kernel')
  const [calls = []] = symbol === undefined ? [] : await vmlinux.calls([symbol], signal)
  const file = calls.at(-1)?.file ?? ''
  return file.endsWith('init/main.c') ? file.slice(0, -'init/main.c'.length) : ''
}

/** A module in a build tree; without one, or without debug information, its frames stay as they are. */
async function openModule(tree: string, name: string): Promise<SymbolFile | undefined> {
  try {
    await access(join(tree, 'modules.order'))
    const pattern = new RegExp(`(?:^|/)${name.replaceAll(/[_-]/g, '[_-]')}\\.ko$`)
    const files = await readdir(tree, { recursive: true })
    const file = files.find((path) => pattern.test(path))
    return file === undefined ? undefined : await SymbolFile.open(join(tree, file))
  } catch {
    return undefined
  }
}

function otherKernel(path: string): HilError {
  return new HilError(
    'symbols.other-kernel',
    `${path} is not of the kernel that ran: most functions of its trace have another size there, or are not in it`,
    { blame: 'environment', details: { path } },
  )
}
