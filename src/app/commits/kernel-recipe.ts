import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { listFiles } from '../../build/sources/list-files.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import type { PayloadSettings } from '../../environment/payload-settings.ts'
import type { Worktree } from './worktree/worktree.ts'
import { describeConfigChanges } from './kernel-config.ts'
import type { Recipe } from './recipe.ts'
import { runLogged } from './run-logged.ts'
import type { Toolchain } from './toolchain.ts'

export interface KernelRecipeOptions extends Pick<Recipe, 'key' | 'bootargs' | 'files'> {
  /** The configuration that all commits start from. */
  readonly config: string
  /** As in `ARCH=`. */
  readonly architecture: string
  readonly toolchain: Toolchain
  readonly settings: (board: BoardSpec, worktree: Worktree) => PayloadSettings
}

/** What makes two builds of the same code the same bytes (Documentation/kbuild/reproducible-builds.rst). */
const reproducible = {
  KBUILD_BUILD_TIMESTAMP: 'Thu Jan  1 00:00:00 UTC 1970',
  KBUILD_BUILD_USER: 'hil',
  KBUILD_BUILD_HOST: 'bisect',
  KBUILD_BUILD_VERSION: '1',
} as const

/** Where the objects are, below the place of the work tree: they stay from commit to commit. */
export const objectsDirectory = 'objects'

/** What would come down to us from a make that hil was started by. */
const inherited = { MAKEFLAGS: undefined, MAKELEVEL: undefined, KBUILD_OUTPUT: undefined, LC_ALL: 'C' }

/**
 * `make` in a kernel tree, out of it (`O=`) and each time with the same configuration, brought up to the commit by
 * `make olddefconfig`.
 */
export function kernelRecipe(options: KernelRecipeOptions): Recipe {
  const { architecture, toolchain, settings, key, bootargs, files } = options
  const config = withoutVersionOfGit(options.config)
  return {
    ...{ key: { kernel: { config, toolchain }, options: key }, bootargs, files },
    async make(worktree, _commit, log, t) {
      const objects = join(worktree.place, objectsDirectory)
      await mkdir(objects, { recursive: true })
      await removeStaleTrees(worktree.tree, objects, architecture)
      await writeFile(join(objects, '.config'), config)
      const variables = [`O=${objects}`, 'LOCALVERSION=', ...toolchain.variables]
      const run = { cwd: worktree.tree, env: { ...reproducible, ...inherited }, log }
      for (const targets of [['olddefconfig'], [`-j${availableParallelism()}`]]) {
        const failure = await runLogged(['make', ...variables, ...targets], run, t)
        if (failure !== undefined) {
          return { obstacle: `it does not build (make ended with ${failure.status}): ${failure.line}` }
        }
      }
      const changes = describeConfigChanges(config, await readFile(join(objects, '.config'), 'utf8'))
      return {
        settings: (board) => ({ ...settings(board, worktree), kernelTree: worktree.tree, objects }),
        notes: changes === undefined ? [] : [changes],
      }
    },
  }
}

/** A device tree that this commit has not is left from another one, and would be taken for the board's. */
async function removeStaleTrees(tree: string, objects: string, architecture: string): Promise<void> {
  for (const file of await listFiles(join(objects, 'arch', architecture, 'boot/dts'), '.dtb')) {
    const source = join(tree, relative(objects, file)).replace(/\.dtb$/, '.dts')
    if (!existsSync(source)) await rm(file)
  }
}

/** With the commit in its version no two kernels would be the same. */
function withoutVersionOfGit(config: string): string {
  return config.replace(/^CONFIG_LOCALVERSION_AUTO=y$/m, '# CONFIG_LOCALVERSION_AUTO is not set')
}
