import { normalizeAlias } from './alias-table.ts'
import { encodeIndex, type IndexEntry } from './index-trie.ts'
import type { ModuleSet, PlacedModule } from './module-set.ts'

/**
 * The files by which modprobe, udev and busybox find modules, made anew for a set of modules: what
 * depmod(8) of kmod writes, text for busybox, `.bin` for kmod. `modules.builtin` and `modules.order`
 * are not made but kept.
 *
 * @returns by name, to be put into `lib/modules/<release>`
 */
export function moduleIndexFiles(set: ModuleSet): ReadonlyMap<string, Uint8Array> {
  const { modules } = set
  const dependencies = modules.map((module) => dependencyLine(set, module))
  const aliases = modules.flatMap((module, priority) =>
    module.aliases.map((key) => ({ key, value: module.name, priority })),
  )
  const symbols = modules.flatMap((module, priority) =>
    module.symbols.map((symbol) => ({ key: `symbol:${symbol}`, value: module.name, priority })),
  )
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'modules.dep': lines(dependencies),
    'modules.dep.bin': encodeIndex(
      modules.map(({ name }, priority) => ({ key: name, value: dependencies[priority] ?? '', priority })),
    ),
    'modules.alias': lines(['# Aliases extracted from modules themselves.', ...aliases.map(aliasLine)]),
    'modules.alias.bin': encodeIndex(aliases.map((alias) => ({ ...alias, key: normalizeAlias(alias.key) }))),
    'modules.symbols': lines(['# Aliases for symbols, used by symbol_request().', ...symbols.map(aliasLine)]),
    'modules.symbols.bin': encodeIndex(symbols),
    'modules.softdep': lines([
      '# Soft dependencies extracted from modules themselves.',
      ...modules.flatMap(({ name, softdeps }) => softdeps.map((text) => `softdep ${name} ${text}`)),
    ]),
    'modules.devname': lines(deviceNames(modules)),
    'modules.builtin.bin': encodeIndex([...set.builtin].map((key) => ({ key, value: '', priority: 0 }))),
    'modules.builtin.alias.bin': encodeIndex(
      set.builtinAliases.map(([alias, value]) => ({ key: normalizeAlias(alias), value, priority: 0 })),
    ),
  }
  return new Map(
    Object.entries(files).map(([name, data]) => [name, typeof data === 'string' ? Buffer.from(data) : data]),
  )
}

/** What is needed is listed from the nearest to the farthest: modprobe loads from the end. */
function dependencyLine(set: ModuleSet, module: PlacedModule): string {
  const needed = new Set<PlacedModule>()
  const visit = ({ depends }: PlacedModule): void => {
    for (const dependency of depends.flatMap((name) => set.get(name) ?? [])) {
      if (needed.has(dependency) || dependency === module) continue
      visit(dependency)
      needed.add(dependency)
    }
  }
  visit(module)
  return [`${module.path}:`, ...[...needed].reverse().map(({ path }) => path)].join(' ')
}

function aliasLine({ key, value }: IndexEntry): string {
  return `alias ${key} ${value}`
}

/** Device nodes that load their module when they are opened: `fuse fuse c10:229`. */
function deviceNames(modules: readonly PlacedModule[]): string[] {
  const found = modules.flatMap(({ name, aliases }) => {
    const node = aliases.find((alias) => alias.startsWith('devname:'))?.slice('devname:'.length)
    const number = aliases.map((alias) => /^(char|block)-major-(\d+)-(\d+)$/.exec(alias)).find(Boolean)
    if (node === undefined || !number) return []
    const [, kind, major, minor] = number
    return [`${name} ${node} ${kind === 'char' ? 'c' : 'b'}${major}:${minor}`]
  })
  return found.length === 0 ? [] : ['# Device nodes to trigger on-demand module loading.', ...found]
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('')
}
