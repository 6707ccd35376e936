import { createRequire } from 'node:module'

interface OwnPackage {
  readonly version: string
  readonly engines: { readonly node: string }
}

/** hil's own package.json, from the sources and from `dist/` alike. */
export function ownPackage(): OwnPackage {
  return createRequire(import.meta.url)('hil/package.json') as OwnPackage
}
