import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listSome } from '../../core/list-some.ts'
import { hiddenModules } from '../../payload/modules/index.ts'
import { unreadable } from '../files.ts'
import type { ModuleFiles } from './module-files.ts'

/** Where a root file system has its modules. `lib` is mostly a link, and an absolute one leads out of the directory. */
const places = ['usr/lib/modules', 'lib/modules']

/**
 * Says which modules of a board's root file system, built out of the kernel's tree, are out of reach once the modules
 * of a payload are bound over `/lib/modules`.
 * @param rootfs a directory; what of it this user may not read is not told
 */
export async function noteHiddenModules(rootfs: string, modules: ModuleFiles): Promise<readonly string[]> {
  const entries = await readdir(rootfs, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(rootfs, error)
  })
  const isOwnLib = entries.some((entry) => entry.name === 'lib' && entry.isDirectory())
  const hidden: string[] = []
  for (const place of isOwnLib ? places : places.slice(0, 1)) {
    for (const release of await readdir(join(rootfs, place)).catch(() => [])) {
      const index = join(rootfs, place, release, 'modules.dep')
      const text = await readFile(index, 'utf8').catch(() => '')
      hidden.push(...hiddenModules(text, modules.paths).map((path) => `${release}/${path}`))
    }
  }
  if (hidden.length === 0) return []
  return [
    `the modules of ${modules.release} take the place of all in ${rootfs}, and these were not built with the kernel: ${listSome(hidden, 10)}; what needs them will not work`,
  ]
}
