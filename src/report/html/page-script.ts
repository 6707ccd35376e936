import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Puts ES modules together into one script for a page that loads nothing: each becomes a function's
 * scope, its imports and exports the function's surroundings. The modules are plain JavaScript, read as
 * they stand; of the module syntax they use `import { a, b } from './c.js'` and `export function`,
 * `export class`, `export const` only.
 *
 * @param entry absolute path of the module that starts it all
 */
export function bundleModules(entry: string): string {
  const modules = new Map<string, { name: string; code: string }>()
  const visit = (path: string): string => {
    const known = modules.get(path)
    if (known !== undefined) return known.name
    const source = readFileSync(path, 'utf8')
    const body = source.replaceAll(importLine, (_, names: string, target: string) => {
      return `const {${names}} = ${visit(join(dirname(path), target))}`
    })
    const name = `module${modules.size}`
    modules.set(path, { name, code: scope(name, body) })
    return name
  }
  visit(entry)
  return `'use strict'\n${[...modules.values()].map(({ code }) => code).join('')}`
}

const importLine = /^import \{([^}]*)\} from '(\.\/[\w-]+\.js)'$/gm
const exportLine = /^export (?=(?:async )?(?:function|class|const) (\w+))/gm

function scope(name: string, body: string): string {
  const exported = [...body.matchAll(exportLine)].map(([, identifier]) => identifier)
  return `const ${name} = (() => {\n${body.replaceAll(exportLine, '')}\nreturn { ${exported.join(', ')} }\n})()\n`
}
