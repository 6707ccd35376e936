/** Whether a shell would take `pattern` for more than a name. */
export function isGlob(pattern: string): boolean {
  return /[*?[\]{}]/.test(pattern)
}

/** The directory before the first part with a wildcard. */
export function globBase(pattern: string): string {
  const parts = pattern.split('/')
  const fixed = parts.slice(
    0,
    parts.findIndex((part) => isGlob(part)),
  )
  return fixed.length === 0 ? '.' : fixed.join('/') || '/'
}

/**
 * The paths a glob means: `*` and `?` within a name, `**` for any number of directories, `[a-z]`,
 * `{a,b}`. Shells expand most before we see them; this is for the quoted ones.
 */
export function globToRegExp(pattern: string): RegExp {
  return new RegExp(`^(?:${expandBraces(pattern).map(toSource).join('|')})$`)
}

/** `a.{ts,js}` -> `a.ts`, `a.js`; the innermost braces first. */
function expandBraces(pattern: string): readonly string[] {
  const braces = /\{([^{}]*,[^{}]*)\}/.exec(pattern)
  if (braces?.[1] === undefined) return [pattern]
  const before = pattern.slice(0, braces.index)
  const after = pattern.slice(braces.index + braces[0].length)
  return braces[1].split(',').flatMap((part) => expandBraces(before + part + after))
}

function toSource(pattern: string): string {
  return pattern.replace(/\*\*\/|\*\*|\[!?[^\]/]+\]|[\\^$.*+?()|[\]{}]/g, (token) => {
    if (token === '**/') return '(?:[^/]+/)*'
    if (token === '**') return '.*'
    if (token === '*') return '[^/]*'
    if (token === '?') return '[^/]'
    return token.length > 1 ? token.replace(/^\[!/, '[^').replaceAll('\\', '\\\\') : `\\${token}`
  })
}
