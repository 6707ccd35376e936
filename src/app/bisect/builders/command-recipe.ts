import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { payloadFileName } from '../../../build/payload-file.ts'
import type { BoardSpec } from '../../../environment/environment.ts'
import type { PayloadSettings } from '../../../environment/payload-settings.ts'
import type { Worktree } from '../worktree/worktree.ts'
import type { Recipe } from './recipe.ts'
import { runLogged } from './run-logged.ts'

/** `git bisect run` knows it, and scripts that were written for that do. */
const skipStatus = 'status 125'

export interface CommandRecipeOptions extends Pick<Recipe, 'key' | 'bootargs'> {
  readonly command: string
  /** Of a board, with paths in the work tree. */
  readonly settings: (board: BoardSpec, worktree: Worktree) => PayloadSettings
}

/**
 * A command of the person's, run by a shell at the top of what was named. It may leave a payload in `$HIL_OUTPUT`;
 * else the payload is made of what the options and the environment name.
 */
export function commandRecipe({ command, settings, key, bootargs }: CommandRecipeOptions): Recipe {
  return {
    ...{ key: { command, options: key }, bootargs },
    async make(worktree, commit, log, t) {
      const output = join(worktree.place, 'output')
      await rm(output, { recursive: true, force: true })
      await mkdir(output, { recursive: true })
      const env = { HIL_BISECT_COMMIT: commit, HIL_OUTPUT: output }
      const failure = await runLogged(['sh', '-c', command], { cwd: worktree.tree, env, log }, t)
      if (failure?.status === skipStatus)
        return { obstacle: `"${command}" says to skip it (${failure.status})` }
      if (failure !== undefined)
        return { obstacle: `"${command}" failed with ${failure.status}: ${failure.line}` }
      if (existsSync(join(output, payloadFileName))) return { payload: output }
      return { settings: (board) => settings(board, worktree) }
    },
  }
}
