import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Where the headers of this Node are installed beside it, as `npm_config_nodedir` names it. Packages with native code
 * that find no build to download are compiled with them; without this node-gyp would download headers, too.
 *
 * @param {string} node its executable
 * @param {string} version such as `20.20.2`
 */
export function nodeHeaders(node = process.execPath, version = process.versions.node) {
  const prefix = dirname(dirname(node))
  try {
    const header = readFileSync(join(prefix, 'include', 'node', 'node_version.h'), 'utf8')
    const parts = ['MAJOR', 'MINOR', 'PATCH'].map(
      (part) => new RegExp(`^#define NODE_${part}_VERSION (\\d+)$`, 'm').exec(header)?.[1],
    )
    return parts.join('.') === version ? prefix : undefined
  } catch {
    return undefined
  }
}
