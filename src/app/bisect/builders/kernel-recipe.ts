import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '../../../core/find-program.ts'
import type { BoardSpec } from '../../../environment/environment.ts'
import type { PayloadSettings } from '../../../environment/payload-settings.ts'
import type { Worktree } from '../worktree/worktree.ts'
import type { Recipe } from './recipe.ts'
import { runLogged } from './run-logged.ts'

export interface KernelRecipeOptions extends Pick<Recipe, 'key' | 'bootargs'> {
  /** The configuration that all commits start from. */
  readonly config: string
  /** As in `ARCH=` and `CROSS_COMPILE=`. */
  readonly architecture: string
  readonly crossCompile: string | undefined
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
const objectsDirectory = 'objects'

/**
 * `make` in a kernel tree, out of it (`O=`) and each time with the same configuration, brought up to the commit by
 * `make olddefconfig`.
 */
export function kernelRecipe(options: KernelRecipeOptions): Recipe {
  const { architecture, crossCompile, settings, key, bootargs } = options
  const config = withoutVersionOfGit(options.config)
  return {
    ...{ key: { kernel: { config, architecture, crossCompile }, options: key }, bootargs },
    async make(worktree, _commit, log, t) {
      const objects = join(worktree.place, objectsDirectory)
      await mkdir(objects, { recursive: true })
      await writeFile(join(objects, '.config'), config)
      const ccache = await findProgram('ccache')
      const variables = [
        ...[`O=${objects}`, `ARCH=${architecture}`, 'LOCALVERSION='],
        ...(crossCompile === undefined ? [] : [`CROSS_COMPILE=${crossCompile}`]),
        ...(ccache === undefined ? [] : [`CC=ccache ${crossCompile ?? ''}gcc`]),
      ]
      const run = { cwd: worktree.tree, env: reproducible, log }
      for (const targets of [['olddefconfig'], [`-j${availableParallelism()}`]]) {
        const failure = await runLogged(['make', ...variables, ...targets], run, t)
        if (failure !== undefined) {
          return { obstacle: `it does not build (make ended with ${failure.status}): ${failure.line}` }
        }
      }
      return { settings: (board) => ({ ...settings(board, worktree), kernelTree: worktree.tree, objects }) }
    },
  }
}

/** With the commit in its version no two kernels would be the same. */
function withoutVersionOfGit(config: string): string {
  return config.replace(/^CONFIG_LOCALVERSION_AUTO=y$/m, '# CONFIG_LOCALVERSION_AUTO is not set')
}
