import { moduleName, normalizeName, type ModuleInfo } from './module-info.ts'
import { AliasTable } from './alias-table.ts'

/** A module with its place below `lib/modules/<release>`. */
export interface PlacedModule extends ModuleInfo {
  readonly path: string
}

export interface Closure {
  /** Every module needed, in the order in which they can be loaded. */
  readonly modules: readonly PlacedModule[]
  /** What was named, or is needed by what was named, and is neither a module nor built in. */
  readonly missing: readonly MissingModule[]
}

export interface MissingModule {
  readonly name: string
  /** The module that needs it; absent: it was asked for. */
  readonly neededBy?: string
}

export interface BuiltinFacts {
  /** `modules.builtin`: what would be a module, had it not been linked into the kernel. */
  readonly builtin?: readonly string[]
  /** Their aliases, from `modules.builtin.modinfo`. */
  readonly builtinAliases?: readonly (readonly [alias: string, name: string])[]
  /** `modules.order`: of several modules with one alias the first wins. */
  readonly order?: readonly string[]
}

/** All modules of one kernel, and how they hang together. */
export class ModuleSet {
  /** In the order of `modules.order`; what is not in there follows, by path. */
  readonly modules: readonly PlacedModule[]
  readonly builtin: ReadonlySet<string>
  readonly builtinAliases: readonly (readonly [alias: string, name: string])[]
  readonly #byName: ReadonlyMap<string, PlacedModule>
  readonly #aliases: AliasTable

  constructor(
    modules: Iterable<PlacedModule>,
    { builtin = [], builtinAliases = [], order = [] }: BuiltinFacts = {},
  ) {
    this.modules = inOrder(modules, order)
    this.builtin = new Set(builtin.map(moduleName))
    this.builtinAliases = builtinAliases
    this.#byName = new Map(this.modules.map((module) => [module.name, module]))
    this.#aliases = new AliasTable([
      ...this.modules.flatMap(({ name, aliases }) => aliases.map((alias) => [alias, name] as const)),
      ...builtinAliases,
    ])
  }

  get(name: string): PlacedModule | undefined {
    return this.#byName.get(normalizeName(name))
  }

  isBuiltin(name: string): boolean {
    return this.builtin.has(normalizeName(name))
  }

  /** Names of the modules, built in or not, that say they are for this device or service. */
  forAlias(alias: string): readonly string[] {
    return this.#aliases.find(alias)
  }

  /**
   * The named modules (or aliases) with all they need: what they depend on first, soft dependencies
   * too where they are there.
   */
  closure(names: Iterable<string>): Closure {
    const modules = new Set<PlacedModule>()
    const visiting = new Set<string>()
    const missing: MissingModule[] = []
    const visit = (wanted: string, neededBy?: string, isOptional = false): void => {
      const resolved = this.#resolve(wanted)
      if (resolved === undefined && !isOptional)
        missing.push({ name: wanted, ...(neededBy === undefined ? {} : { neededBy }) })
      for (const module of resolved ?? []) {
        if (visiting.has(module.name)) continue
        visiting.add(module.name)
        const { pre, post } = softDependencies(module)
        for (const name of pre) visit(name, module.name, true)
        for (const name of module.depends) visit(name, module.name)
        modules.add(module)
        for (const name of post) visit(name, module.name, true)
      }
    }
    for (const name of names) visit(name)
    return { modules: [...modules], missing }
  }

  /** The modules for a name or an alias; none when it is built in, undefined when nobody knows it. */
  #resolve(wanted: string): readonly PlacedModule[] | undefined {
    const module = this.get(wanted)
    if (module !== undefined) return [module]
    if (this.isBuiltin(wanted)) return []
    const names = this.forAlias(wanted)
    return names.length === 0 ? undefined : names.flatMap((name) => this.get(name) ?? [])
  }
}

/** `pre: a b post: c` of all soft dependencies of a module. */
export function softDependencies({ softdeps }: Pick<ModuleInfo, 'softdeps'>): {
  readonly pre: readonly string[]
  readonly post: readonly string[]
} {
  const found = { pre: [] as string[], post: [] as string[] }
  for (const text of softdeps) {
    let where: 'pre' | 'post' = 'pre'
    for (const word of text.split(/\s+/).filter((part) => part !== '')) {
      if (word === 'pre:' || word === 'post:') where = word === 'pre:' ? 'pre' : 'post'
      else found[where].push(word)
    }
  }
  return found
}

function inOrder(modules: Iterable<PlacedModule>, order: readonly string[]): PlacedModule[] {
  const bare = (path: string) => path.replace(/\.ko\.(?:gz|xz|zst)$/, '.ko')
  const rank = new Map(order.map((path, index) => [bare(path), index]))
  const rankOf = ({ path }: PlacedModule) => rank.get(bare(path)) ?? Infinity
  return [...modules].sort((a, b) => {
    const [left, right] = [rankOf(a), rankOf(b)]
    return left === right ? (a.path < b.path ? -1 : 1) : left - right
  })
}
