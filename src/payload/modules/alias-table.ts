/**
 * Finds the modules whose alias patterns fit a name, such as `of:NmmcT(null)Crockchip,rk3568-dwcmshc`.
 * Patterns are those of fnmatch(3): `*`, `?`, `[a-f]`; `-` and `_` are the same.
 */
export class AliasTable {
  /** By the characters before the first wildcard's; most aliases begin with a bus, `of:N`. */
  readonly #literal = new Map<string, string[]>()
  readonly #patterns: { readonly prefix: string; readonly pattern: RegExp; readonly name: string }[] = []

  constructor(aliases: Iterable<readonly [alias: string, name: string]>) {
    for (const [alias, name] of aliases) {
      const normalized = normalizeAlias(alias)
      const wildcard = normalized.search(/[*?[]/)
      if (wildcard === -1) this.#literal.set(normalized, [...(this.#literal.get(normalized) ?? []), name])
      else this.#addPattern(normalized, wildcard, name)
    }
  }

  find(alias: string): readonly string[] {
    const wanted = normalizeAlias(alias)
    const literal = this.#literal.get(wanted) ?? []
    const fitting = this.#patterns.filter(
      ({ prefix, pattern }) => wanted.startsWith(prefix) && pattern.test(wanted),
    )
    return [...new Set([...literal, ...fitting.map(({ name }) => name)])]
  }

  #addPattern(pattern: string, wildcard: number, name: string): void {
    this.#patterns.push({ prefix: pattern.slice(0, wildcard), pattern: toRegExp(pattern), name })
  }
}

/** kmod takes `-` for `_`, but not in the sets of characters in brackets. */
export function normalizeAlias(alias: string): string {
  return alias.replaceAll(/\[[^\]]*\]|-/g, (part) => (part === '-' ? '_' : part))
}

function toRegExp(pattern: string): RegExp {
  const source = pattern.replaceAll(/\[[^\]]*\]|[*?\\^$.|+(){}[\]/]/g, (part) => {
    if (part === '*') return '.*'
    if (part === '?') return '.'
    return part.length > 1 ? part.replaceAll('\\', '\\\\').replace(/^\[!/, '[^') : `\\${part}`
  })
  return new RegExp(`^${source}$`, 's')
}
