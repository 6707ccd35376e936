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
import {
  packedFor,
  packingTargets,
  removeModuleArchives,
  takesImageFit,
  type KernelBuild,
} from './packed-by-make.ts'
import { runLogged, type LoggedFailure } from './run-logged.ts'
import type { Toolchain } from './toolchain.ts'

export interface KernelRecipeOptions extends Pick<Recipe, 'key' | 'bootargs' | 'files'> {
  /** The configuration that all commits start from. */
  readonly config: string
  /** As in `ARCH=`. */
  readonly architecture: string
  readonly toolchain: Toolchain
  readonly settings: (board: BoardSpec, worktree: Worktree) => PayloadSettings
  /** Whether boards boot what the tree's own make packs, where it does: another way to the same kernel. */
  readonly packs: boolean
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

/** What would come down to us from a make that hil was started by, or from what a person has set for other builds. */
const inherited = {
  ...{ MAKEFLAGS: undefined, MAKELEVEL: undefined, KBUILD_OUTPUT: undefined, LC_ALL: 'C' },
  ...{ INSTALL_MOD_PATH: undefined, FIT_COMPRESSION: undefined, FIT_EXTRA_ARGS: undefined },
}

/** Debug information of all modules may be gigabytes; and a module that is stripped later loses its signature. */
const packing = 'INSTALL_MOD_STRIP=1'

/**
 * `make` in a kernel tree, out of it (`O=`) and each time with the same configuration, brought up to the commit by
 * `make olddefconfig`.
 */
export function kernelRecipe(options: KernelRecipeOptions): Recipe {
  const { architecture, toolchain, settings, packs, key, bootargs, files } = options
  const config = withoutVersionOfGit(options.config)
  return {
    key: { kernel: { config, toolchain, ...(packs && { packs }) }, options: key },
    ...{ bootargs, files },
    async make(worktree, _commit, log, t) {
      const objects = join(worktree.place, objectsDirectory)
      await mkdir(objects, { recursive: true })
      await removeStaleTrees(worktree.tree, objects, architecture)
      await writeFile(join(objects, '.config'), config)
      const variables = [`O=${objects}`, 'LOCALVERSION=', ...toolchain.variables]
      const run = { cwd: worktree.tree, env: { ...reproducible, ...inherited }, log }
      const make: Make = (...words) => runLogged(['make', ...variables, ...words], run, t)
      const build = { tree: worktree.tree, objects, architecture }
      const unconfigured = await make('olddefconfig')
      if (unconfigured !== undefined) return notBuilt(unconfigured)
      const packed = packs ? await pack(build, make) : undefined
      if (packed?.isDone !== true) {
        const failure = await make(jobs)
        if (failure !== undefined) return notBuilt(failure)
      }
      const changes = describeConfigChanges(config, await readFile(join(objects, '.config'), 'utf8'))
      return {
        settings: (board) => ({ ...settings(board, worktree), kernelTree: worktree.tree, objects }),
        notes: [changes, packed?.note].filter((note) => note !== undefined),
        ...(packed?.isDone === true && {
          packed: async (board) =>
            takesImageFit(board, settings(board, worktree)) ? packedFor(board, build) : undefined,
        }),
      }
    },
  }
}

type Make = (...words: readonly string[]) => Promise<LoggedFailure | undefined>

const jobs = `-j${availableParallelism()}`

function notBuilt({ status, line }: LoggedFailure): { readonly obstacle: string } {
  return { obstacle: `it does not build (make ended with ${status}): ${line}` }
}

/** What fails here may build all the same: then it was only the packing. */
async function pack(
  build: KernelBuild,
  make: Make,
): Promise<{ readonly isDone: boolean; readonly note?: string }> {
  await removeModuleArchives(build)
  const targets = await packingTargets(build)
  for (const target of targets) {
    const failure = await make(jobs, packing, target)
    if (failure === undefined) continue
    return {
      isDone: false,
      note: `"make ${target}" fails here, so hil packed the kernel itself: ${failure.line}`,
    }
  }
  return { isDone: targets.length > 0 }
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
