/**
 * A pattern of the shell as a regular expression. Text that was quoted must have its special
 * characters escaped with a backslash (see `escapePattern`).
 * @param path a `*` and a `?` don't match `/`, nor a leading dot
 */
export function patternToRegExp(pattern: string, { path = false } = {}): RegExp {
  let source = path && !pattern.startsWith('.') ? '(?!\\.)' : ''
  const anything = path ? '[^/]' : '[^]'
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? ''
    if (char === '*') source += `${anything}*`
    else if (char === '?') source += anything
    else if (char === '\\' && at + 1 < pattern.length) source += literal(pattern[++at] ?? '')
    else if (char === '[') {
      const bracket = readBracket(pattern, at)
      source += bracket?.source ?? '\\['
      at = bracket?.end ?? at
    } else source += literal(char)
  }
  return new RegExp(`^${source}$`)
}

export function escapePattern(text: string): string {
  return text.replace(/[*?[\]\\]/g, '\\$&')
}

/** Whether unescaped pattern characters are in it. */
export function hasPattern(text: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*[*?[]/.test(text)
}

/** The text a pattern without special characters stands for. */
export function unescapePattern(text: string): string {
  return text.replace(/\\([^])/g, '$1')
}

const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
  print: ' -~',
  graph: '!-~',
  cntrl: '\\x00-\\x1f\\x7f',
}

function readBracket(pattern: string, start: number): { source: string; end: number } | undefined {
  let at = start + 1
  let source = '['
  if (pattern[at] === '!' || pattern[at] === '^') {
    source += '^'
    at += 1
  }
  for (let first = true; at < pattern.length; first = false) {
    const char = pattern[at] ?? ''
    if (char === ']' && !first) return { source: `${source}]`, end: at }
    const named = /^\[:(\w+):\]/.exec(pattern.slice(at))
    if (named !== null) {
      source += classes[named[1] ?? ''] ?? ''
      at += named[0].length
    } else if (char === '\\') {
      source += literal(pattern[at + 1] ?? '')
      at += 2
    } else {
      source += char === '-' ? '-' : literal(char)
      at += 1
    }
  }
  return undefined
}

function literal(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')
}
