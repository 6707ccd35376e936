import { moduleName } from './module-info.ts'

/** `modules.dep`: each module's path with the paths of what it needs, relative to `lib/modules/<release>`. */
export function parseModulesDep(text: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    linesOf(text).flatMap((line) => {
      const [path = '', needed = ''] = line.split(':', 2)
      return path === line ? [] : [[path, words(needed)] as const]
    }),
  )
}

/** `modules.alias` and `modules.symbols`: pairs of pattern and module. */
export function parseModulesAlias(text: string): (readonly [alias: string, name: string])[] {
  return linesOf(text).flatMap((line) => {
    const [keyword, alias, name] = words(line)
    return keyword === 'alias' && alias !== undefined && name !== undefined ? [[alias, name] as const] : []
  })
}

/** `modules.builtin`, `modules.order`: one path a line. */
export function parseModulePaths(text: string): string[] {
  return linesOf(text)
}

/** The aliases in `modules.builtin.modinfo`, which holds `name.key=value`, each ended by a NUL. */
export function parseBuiltinAliases(bytes: Uint8Array): (readonly [alias: string, name: string])[] {
  return Buffer.from(bytes)
    .toString('utf8')
    .split('\0')
    .flatMap((field) => {
      const match = /^([^.=]+)\.alias=(.+)$/s.exec(field)
      return match?.[1] === undefined || match[2] === undefined ? [] : [[match[2], match[1]] as const]
    })
}

/** The release in `lib/modules/<release>/...` or `usr/lib/modules/<release>/...`. */
export function releaseOfPath(path: string): string | undefined {
  return /^(?:\/|\.\/)?(?:usr\/)?lib\/modules\/([^/]+)(?:\/|$)/.exec(path)?.[1]
}

/**
 * Modules of a root file system, built out of the kernel's tree, that modules bound over its `lib/modules` would hide.
 * What belongs to its own kernel (`kernel/...`) is of no use to another.
 * @param ofRoot the text of its `modules.dep`
 * @param others paths of the modules that take their place
 */
export function hiddenModules(ofRoot: string, others: readonly string[]): string[] {
  const known = new Set(others.map(moduleName))
  return [...parseModulesDep(ofRoot).keys()].filter(
    (path) => !path.startsWith('kernel/') && !known.has(moduleName(path)),
  )
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}
