import { createRequire } from 'node:module'

interface PackageJson {
  readonly version: string
  readonly engines: { readonly node: string }
}

/** hil's own package.json, from the sources and from `dist/` alike. */
export function packageJson(): PackageJson {
  return createRequire(import.meta.url)('hil/package.json') as PackageJson
}
