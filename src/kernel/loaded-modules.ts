/** A line of `/proc/modules` (Documentation/filesystems/proc.rst). */
export interface LoadedModule {
  readonly name: string
  /** How often it is used, by other modules or by anything else. */
  readonly references: number
  /** Loaded modules that use its symbols. */
  readonly users: readonly string[]
}

/** Reads `virtio_net 61440 1 foo,bar, Live 0x0`. */
export function parseLoadedModules(text: string): ReadonlyMap<string, LoadedModule> {
  const modules = text.split('\n').flatMap((line) => {
    const [name, , references, users = '-'] = line.trim().split(/\s+/)
    if (name === undefined || references === undefined) return []
    const names = users.split(',').filter((user) => user !== '' && user !== '-' && !user.startsWith('['))
    return [{ name, references: Number(references), users: names }]
  })
  return new Map(modules.map((module) => [module.name, module]))
}

/** Those of `names` that are loaded, each after all that use it: the order in which they can be unloaded. */
export function unloadOrder(
  names: readonly string[],
  loaded: ReadonlyMap<string, LoadedModule>,
): readonly string[] {
  const order = new Set<string>()
  const add = (name: string) => {
    const module = loaded.get(name)
    if (module === undefined || order.has(name)) return
    for (const user of module.users) if (names.includes(user)) add(user)
    order.add(name)
  }
  for (const name of names) add(name)
  return [...order]
}

/** Modules, each after those of them that it depends on. */
export function loadOrder<Module extends { readonly name: string; readonly depends: readonly string[] }>(
  modules: readonly Module[],
): readonly Module[] {
  const order = new Set<Module>()
  const add = (module: Module, above: readonly Module[]) => {
    if (order.has(module) || above.includes(module)) return
    for (const needed of modules) if (module.depends.includes(needed.name)) add(needed, [...above, module])
    order.add(module)
  }
  for (const module of modules) add(module, [])
  return [...order]
}
