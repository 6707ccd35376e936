import { join } from 'node:path'
import type { KernelParameters } from '../../core/bisection-record.ts'
import { HilError } from '../../core/errors.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import { noPayload, type PayloadSettings } from '../../environment/payload-settings.ts'
import { displayPath } from '../../environment/problems/problems.ts'
import { mergePayload } from '../payload/arguments.ts'
import { commandRecipe } from './command-recipe.ts'
import type { Repository } from './git/repository.ts'
import { pinConfig } from './kernel-config.ts'
import { kernelRecipe, objectsDirectory } from './kernel-recipe.ts'
import { moveSettings, pathMover } from './moved-paths.ts'
import { canPackFit, takesImageFit } from './packed-by-make.ts'
import type { Recipe } from './recipe.ts'
import { findToolchain } from './toolchain.ts'
import type { Worktree } from './worktree/worktree.ts'

/** How commits are to become payloads, as a person said it. */
export interface RecipeChoice {
  /** What is laid over the payloads that boards have in their environment. */
  readonly given: PayloadSettings
  readonly bootargs: readonly string[]
  /** A command in place of make. */
  readonly build: string | undefined
  /** The configuration of the kernel; absolute. @default the `.config` of the tree */
  readonly config: string | undefined
  readonly tree: Pick<PayloadSettings, 'kernelTree' | 'objects'>
  /** Where the configuration was kept earlier. */
  readonly keptConfig: string | undefined
  /** Those that the payloads are for. */
  readonly boards: readonly BoardSpec[]
}

export interface ChosenRecipe {
  readonly recipe: Recipe
  /** What all kernels have in common; absent where a command makes them. */
  readonly kernel?: KernelParameters
  /** The configuration, to be kept for when the work goes on. */
  readonly config?: string
}

/** @throws HilError `commits.no-builder`, `commits.no-config`, `commits.build-tool` (environment) */
export async function chooseRecipe(
  choice: RecipeChoice,
  repository: Repository,
  cwd: string,
): Promise<ChosenRecipe> {
  const { given, bootargs, build, tree, keptConfig, boards } = choice
  const { kernelTree, objects } = tree
  const own = [...(objects === undefined ? [] : [objects]), repository.directory]
  const wanted = (board: BoardSpec) => mergePayload(board.boot.payload, given) ?? noPayload
  const settings = (board: BoardSpec, { tree, place }: Worktree): PayloadSettings => {
    const built = build === undefined ? [join(place, objectsDirectory)] : []
    return moveSettings(wanted(board), pathMover(own, [tree, ...built]))
  }
  const { busybox, rsinit, overlays, initrd } = given
  const files = [busybox, rsinit, ...overlays, ...(initrd?.files ?? [])].filter((file) => file !== undefined)
  const common = { key: given, bootargs, settings, files }
  if (build !== undefined) return { recipe: commandRecipe({ command: build, ...common }) }
  if (kernelTree === undefined) {
    throw new HilError(
      'commits.no-builder',
      'nothing says how a commit becomes a kernel: name the kernel tree (--kernel-tree), a command (--build) or payloads that are there (--payloads)',
      { blame: 'environment' },
    )
  }
  const config = await pinConfig({ config: choice.config, tree: kernelTree, objects }, keptConfig)
  const architecture = kbuildName(given.arch ?? process.env['ARCH'] ?? config.architecture ?? 'arm64')
  const toolchain = await findToolchain({ architecture, crossCompile: given.crossCompile })
  const packs = boards.some((board) => takesImageFit(board, wanted(board))) && (await canPackFit())
  return {
    recipe: kernelRecipe({ config: config.text, architecture, toolchain, packs, ...common }),
    kernel: {
      architecture,
      compiler: toolchain.identity,
      config: { name: displayPath(config.file, cwd), sha256: config.sha256 },
    },
    config: config.text,
  }
}

/** As the directory below `arch/` is called. */
export function kbuildName(architecture: string): string {
  if (architecture === 'x86_64' || architecture === 'i386') return 'x86'
  return architecture === 'riscv64' ? 'riscv' : architecture
}
