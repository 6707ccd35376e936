/** The value a JSON pointer (RFC 6901) points at; `undefined` where there is none. */
export function valueAtPointer(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, token) => {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined
      return (value as Record<string, unknown>)[token]
    }, document)
}
